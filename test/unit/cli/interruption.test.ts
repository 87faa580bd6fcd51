// What Ctrl-C is answered with, and when it ends the process at once.
import { EventEmitter } from "node:events";
import { beforeEach, expect, test, vi } from "vitest";
import { EXIT } from "../../../src-main/cli/exit-codes.ts";
import { type Interruption, listenForInterruption } from "../../../src-main/cli/interruption.ts";

class FakeProcess extends EventEmitter {
  readonly exits: (string | number | null | undefined)[] = [];
  exit = (code?: string | number | null): never => {
    this.exits.push(code);
    return undefined as never; // the test goes on
  };
}

let process: FakeProcess;
let notices: string[];
let interruption: Interruption;
beforeEach(() => {
  process = new FakeProcess();
  notices = [];
  interruption = listenForInterruption({ notice: (...lines) => notices.push(...lines) }, process);
});

test("the first asks to stop after the current step", () => {
  process.emit("SIGINT");
  expect(interruption.signal.aborted).toBe(true);
  expect(notices).toEqual(["Stopping after the current step; press Ctrl-C again to stop at once."]);
});

test.each(["SIGINT", "SIGTERM"])("a command that has no steps answers %s in its own words", (signal) => {
  interruption.answerWith("Closing.");
  process.emit(signal);
  expect([interruption.signal.aborted, notices]).toEqual([true, ["Closing."]]);
});

test("two at the same moment are one, a later one ends the process", () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(1000);
  process.emit("SIGINT");
  now.mockReturnValue(1100);
  process.emit("SIGINT");
  expect(process.exits).toEqual([]);
  now.mockReturnValue(1300);
  process.emit("SIGINT");
  now.mockRestore();
  expect(process.exits).toEqual([EXIT.cancelled]);
  expect(notices).toHaveLength(1);
});
