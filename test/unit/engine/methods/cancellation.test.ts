// Waiting for something that may take longer than whoever waits wants to.
import { describe, expect, it } from "vitest";
import { untilCancelled } from "../../../../src-main/engine/methods/shared/cancellation.ts";
import { CancelledError } from "../../../../src-shared/contract/errors.ts";

describe("untilCancelled", () => {
  it("gives what the promise gives, and throws what it throws", async () => {
    const { signal } = new AbortController();
    expect(await untilCancelled(Promise.resolve(7), signal)).toBe(7);
    expect(await untilCancelled(Promise.resolve(7), undefined)).toBe(7);
    await expect(untilCancelled(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
  });

  it("ends at once when asked to stop, whatever becomes of the promise", async () => {
    const controller = new AbortController();
    const slow = Promise.withResolvers<number>();
    const waiting = untilCancelled(slow.promise, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow(CancelledError);
    slow.reject(new Error("too late")); // nobody is told
    await expect(untilCancelled(Promise.resolve(1), AbortSignal.abort())).rejects.toThrow(CancelledError);
  });
});
