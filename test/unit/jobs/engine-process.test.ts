// Supervision of a child process, with a program that misbehaves on demand in the place of the engine.
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { forkChild, type StartChild } from "../../../src-main/jobs/child.ts";
import { EngineProcess, type EngineProcessOptions } from "../../../src-main/jobs/engine-process.ts";
import { CancelledError } from "../../../src-shared/contract/errors.ts";
import type { EngineState } from "../../../src-shared/contract/workbench/system.ts";
import type { FakeEngineMode } from "../../helpers/fake-engine-process.ts";

const PROGRAM = fileURLToPath(new URL("../../helpers/fake-engine-process.ts", import.meta.url));

const open: EngineProcess[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.close();
});

function engineOf(mode: FakeEngineMode, options: Partial<EngineProcessOptions> = {}) {
  const states: EngineState[] = [];
  let starts = 0;
  const start: StartChild = () => {
    starts += 1;
    return forkChild({ program: PROGRAM, name: "fake", env: { FAKE_ENGINE: mode }, priority: 0 });
  };
  const engine = new EngineProcess({ start, onState: (state) => states.push(state), ...options });
  open.push(engine);
  /** The process that answers. */
  const ask = async (root: string, signal?: AbortSignal): Promise<number> => {
    const [line] = await engine.request("listDataset", { root }, signal === undefined ? {} : { signal });
    return Number(line?.message);
  };
  return { engine, states, ask, starts: () => starts };
}

describe("an engine that works", () => {
  it("is started by the first request, and answers all from one process", async () => {
    const { ask, states, starts } = engineOf("works");
    const answers = await Promise.all([ask("a"), ask("b"), ask("c")]);
    expect(new Set(answers).size).toBe(1);
    expect(starts()).toBe(1);
    expect(states.map(({ status }) => status)).toEqual(["starting", "ready"]);
  });

  it("passes the errors of a command on with their code", async () => {
    await expect(engineOf("works").ask("refuse")).rejects.toMatchObject({
      name: "AppError",
      code: "input.missing",
      message: '"refuse" is not there; check the path.',
    });
  });

  it("loses no event of a flood, and keeps their order before the answer", async () => {
    const { engine } = engineOf("floods");
    let count = 0;
    await engine.request("listDataset", { root: "a" }, { onEvent: () => (count += 1) });
    expect(count).toBe(2000);
  });

  it("gives the process no more requests at a time than it is to have", async () => {
    const { engine } = engineOf("works", { maxRequests: 1 });
    const controller = new AbortController();
    const arrived = Promise.withResolvers<void>();
    const options = { signal: controller.signal, onEvent: () => arrived.resolve() };
    const first = engine.request("listDataset", { root: "wait" }, options);
    const second = engine.request("listDataset", { root: "a" });
    await arrived.promise;
    controller.abort();
    await expect(first).rejects.toThrow(CancelledError);
    // The program says how many others were waiting in it when this one came.
    expect((await second)[0]?.count).toBe(0);
  });
});

describe("an engine that dies at start", () => {
  it("is given up after three deaths in a row, with the exit code and its last words", async () => {
    const { ask, engine, starts } = engineOf("diesAtStart");
    const message =
      "The engine ends at every start, with exit code 7 (Error: the library is not there); " +
      "run `acclimate doctor` to see why, then try again.";
    await expect(ask("a")).rejects.toMatchObject({ code: "engine.failed", message });
    expect(engine.state).toEqual({ status: "failed", message });
    expect(starts()).toBe(3);
    await expect(ask("b")).rejects.toMatchObject({ code: "engine.failed" });
    expect(starts()).toBe(3);
  });

  it("is tried again when that is asked for", async () => {
    const { ask, engine, starts } = engineOf("diesAtStart");
    await expect(ask("a")).rejects.toMatchObject({ code: "engine.failed" });
    engine.restart();
    expect(engine.state).toEqual({ status: "starting" });
    await expect(ask("b")).rejects.toMatchObject({ code: "engine.failed" });
    expect(starts()).toBe(6);
  });

  it("that is not even a program is told in the same way", async () => {
    const start: StartChild = () => forkChild({ program: "/nowhere/at-all.js", name: "none", env: {}, priority: 0 });
    const engine = new EngineProcess({ start });
    open.push(engine);
    await expect(engine.request("devices", { threads: null })).rejects.toMatchObject({
      code: "engine.failed",
      message: expect.stringContaining("Cannot find module"),
    });
  });
});

describe("an engine that dies in the middle", () => {
  it("fails what it worked on with a plain sentence, and the next request starts it again", async () => {
    const { ask, engine, states } = engineOf("diesInTheMiddle");
    const first = await ask("a");
    await expect(ask("die")).rejects.toMatchObject({
      code: "engine.ended",
      message:
        "The engine stopped in the middle: it ended with signal SIGKILL, as the system does when memory runs out.",
    });
    expect(engine.state).toMatchObject({ status: "stopped" });
    expect(await ask("b")).not.toBe(first);
    expect(states.map(({ status }) => status)).toEqual(["starting", "ready", "stopped", "starting", "ready"]);
  });

  it("is not taken for one that can't be started, however often it happens", async () => {
    const { ask } = engineOf("diesInTheMiddle");
    for (let k = 0; k < 4; k += 1) await expect(ask("die")).rejects.toMatchObject({ code: "engine.ended" });
    expect(await ask("a")).toBeGreaterThan(0);
  });

  it("loses nothing of what waits", async () => {
    const { ask } = engineOf("diesInTheMiddle", { maxRequests: 1 });
    const dying = ask("die");
    const waiting = ask("a");
    await expect(dying).rejects.toMatchObject({ code: "engine.ended" });
    expect(await waiting).toBeGreaterThan(0);
  });
});

describe("cancelling", () => {
  it("stops what the process works on, and leaves the process alone", async () => {
    const { ask, starts } = engineOf("works");
    const first = await ask("a");
    const controller = new AbortController();
    const waiting = ask("wait", controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow(CancelledError);
    expect(await ask("b")).toBe(first);
    expect(starts()).toBe(1);
  });

  it("ends a process that does not listen, and the next request starts another", async () => {
    const { ask, engine, states } = engineOf("ignoresCancel", { killAfterMs: 100 });
    const first = await ask("a");
    const controller = new AbortController();
    const waiting = ask("wait", controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow(CancelledError);
    expect(states).toContainEqual({
      status: "stopped",
      message: expect.stringContaining("because what was cancelled did not end by itself"),
    });
    expect(engine.state).toEqual({ status: "starting" }); // before anybody asks
    expect(await ask("b")).not.toBe(first);
  });

  it("ends the process at once where somebody does not want to wait", async () => {
    const { engine } = engineOf("ignoresCancel", { killAfterMs: null });
    const [cancel, kill] = [new AbortController(), new AbortController()];
    const waiting = engine.request("listDataset", { root: "wait" }, { signal: cancel.signal, kill: kill.signal });
    await expect.poll(() => engine.state.status).toBe("ready");
    cancel.abort();
    kill.abort();
    await expect(waiting).rejects.toThrow(CancelledError);
  });

  it("before the process is there sends it nothing", async () => {
    const { ask } = engineOf("ignoresCancel", { killAfterMs: null });
    const controller = new AbortController();
    const early = ask("wait", controller.signal);
    controller.abort();
    await expect(early).rejects.toThrow(CancelledError);
    await expect(ask("wait", AbortSignal.abort())).rejects.toThrow(CancelledError);
    expect(await ask("a")).toBeGreaterThan(0);
  });
});

it("an engine that says what it should not fails the request, not the program", async () => {
  const { ask, engine } = engineOf("talksNonsense");
  await expect(ask("a")).rejects.toMatchObject({ name: "BugError" });
  const hearing = engine.request("listDataset", { root: "event" }, { onEvent: () => undefined });
  await expect(hearing).rejects.toMatchObject({ name: "BugError" });
});

it("closing answers everything that is open", async () => {
  const { ask, engine } = engineOf("works");
  await ask("a");
  const waiting = ask("wait");
  engine.close();
  await expect(waiting).rejects.toMatchObject({ code: "engine.ended" });
  await expect(ask("b")).rejects.toMatchObject({ code: "engine.ended" });
});
