// Holding a run and letting it go on.
import { expect, it } from "vitest";
import { PauseSwitch } from "../../../../src-main/engine/training/pause-switch.ts";

it("lets a run pass that nobody holds", async () => {
  const pause = new PauseSwitch();
  await pause.whenResumed();
  expect(pause.isPaused).toBe(false);
});

it("holds it until it is resumed, however often it was paused", async () => {
  const pause = new PauseSwitch();
  pause.pause();
  pause.pause();
  const passed: string[] = [];
  const waiting = pause.whenResumed().then(() => passed.push("passed"));
  await Promise.resolve();
  expect([pause.isPaused, passed]).toEqual([true, []]);
  pause.resume();
  await waiting;
  expect(pause.isPaused).toBe(false);
});

it("lets it pass when it is to stop", async () => {
  const pause = new PauseSwitch();
  pause.pause();
  const controller = new AbortController();
  const waiting = pause.whenResumed(controller.signal);
  controller.abort();
  await waiting;
  await pause.whenResumed(controller.signal);
  expect(pause.isPaused).toBe(true);
});
