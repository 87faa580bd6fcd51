// What was missed while a page was opening: an answer that was under way may be older, and is asked for once more.
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { askAnew } from "../../../../src-renderer/state/ask-anew.ts";
import { applyEvent } from "../../../../src-renderer/state/event-to-cache.ts";

/** A query that is looked at, with answers that come when the test says so. */
function watched(queryKey: readonly string[], count: number) {
  const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } } });
  const answers = Array.from({ length: count }, () => Promise.withResolvers<unknown>());
  const queryFn = vi.fn(
    () => answers[queryFn.mock.calls.length - 1]?.promise ?? Promise.reject(new Error("too often")),
  );
  const stop = new QueryObserver(cache, { queryKey, queryFn }).subscribe(() => {});
  const answer = (place: number, value: unknown) => answers[place]?.resolve(value);
  const fail = (place: number) => answers[place]?.reject(new Error("away"));
  return { cache, queryFn, answer, fail, stop, data: () => cache.getQueryData(queryKey) };
}

it("takes a first answer, then asks for a newer one", async () => {
  const { cache, queryFn, answer, stop, data } = watched(["system"], 2);
  askAnew(cache);
  answer(0, "old");
  answer(1, "new");
  await vi.waitFor(() => expect(data()).toBe("new"));
  expect(queryFn).toHaveBeenCalledTimes(2);
  stop();
});

it("asks again where the first request failed", async () => {
  const { cache, queryFn, answer, fail, stop, data } = watched(["system"], 2);
  askAnew(cache);
  fail(0);
  answer(1, "new");
  await vi.waitFor(() => expect(data()).toBe("new"));
  expect(queryFn).toHaveBeenCalledTimes(2);
  stop();
});

it("asks once for what has an answer, and not at all for what it was not to ask for", async () => {
  const { cache, queryFn, answer, stop, data } = watched(["system"], 2);
  answer(0, "old");
  await vi.waitFor(() => expect(data()).toBe("old"));
  askAnew(cache, { queryKey: ["settings"] });
  expect(queryFn).toHaveBeenCalledTimes(1);
  askAnew(cache, { queryKey: ["system"] });
  answer(1, "new");
  await vi.waitFor(() => expect(data()).toBe("new"));
  expect(queryFn).toHaveBeenCalledTimes(2);
  stop();
});

it("does not lose that the engine is ready to an answer from before", async () => {
  const { cache, answer, stop, data } = watched(["system"], 2);
  applyEvent(cache, { type: "engineChanged", engine: { status: "ready" } });
  answer(0, { engine: { status: "starting" } });
  answer(1, { engine: { status: "ready" } });
  await vi.waitFor(() => expect(data()).toEqual({ engine: { status: "ready" } }));
  stop();
});
