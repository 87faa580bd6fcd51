// The end of a job on a full disk: tried again while there is no room, given up for any other reason.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { whenWritable } from "../../../src-main/jobs/when-writable.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";

const AGAIN_MS = 2000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("writes at once where it can", () => {
  let count = 0;
  expect(whenWritable(() => void count++, AGAIN_MS)).toBeNull();
  expect(count).toBe(1);
});

it("says why it can't, and writes when it can, once", () => {
  let count = 0;
  const write = (): void => {
    count += 1;
    if (count < 4) throw new AppError("output.diskFull", "The disk is full.");
  };
  expect(whenWritable(write, AGAIN_MS)).toEqual({ code: "output.diskFull", message: "The disk is full." });
  vi.advanceTimersByTime(2 * AGAIN_MS);
  expect(count).toBe(3);
  vi.advanceTimersByTime(100 * AGAIN_MS);
  expect(count).toBe(4);
});

it("gives up when trying again is no use, as with a job that was removed", () => {
  let count = 0;
  const write = (): void => {
    count += 1;
    throw count === 1 ? new AppError("output.diskFull", "Full.") : new AppError("workspace.unknown", "Gone.");
  };
  expect(whenWritable(write, AGAIN_MS)).toMatchObject({ code: "output.diskFull" });
  vi.advanceTimersByTime(100 * AGAIN_MS);
  expect(count).toBe(2);
});
