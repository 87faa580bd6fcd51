// A run on a full disk waits, says so once, and goes on when there is room.
import { expect, test, vi } from "vitest";
import { untilThereIsRoom } from "../../../../src-main/engine/process/until-there-is-room.ts";
import { AppError, CancelledError } from "../../../../src-shared/contract/errors.ts";

const FULL = new AppError("output.diskFull", "The disk is full.");

test("writes again until there is room, and says once that it waits", async () => {
  const write = vi.fn().mockRejectedValueOnce(FULL).mockRejectedValueOnce(FULL).mockResolvedValue(undefined);
  const onFull = vi.fn();
  await untilThereIsRoom(write, { signal: new AbortController().signal, onFull, againMs: 1 });
  expect(write).toHaveBeenCalledTimes(3);
  expect(onFull.mock.calls).toEqual([["The disk is full. It waits until there is room."]]);
});

test("ends at once when the run is cancelled", async () => {
  const stop = new AbortController();
  const waiting = untilThereIsRoom(() => Promise.reject(FULL), {
    signal: stop.signal,
    onFull: () => stop.abort(),
    againMs: 60_000,
  });
  await expect(waiting).rejects.toThrow(CancelledError);
});

test("does not wait for anything else", async () => {
  const error = new AppError("output.unwritable", "No permission.");
  const onFull = vi.fn();
  await expect(
    untilThereIsRoom(() => Promise.reject(error), { signal: new AbortController().signal, onFull }),
  ).rejects.toBe(error);
  expect(onFull).not.toHaveBeenCalled();
});
