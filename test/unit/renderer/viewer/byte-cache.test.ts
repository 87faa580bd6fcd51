// The cache of planes: bounded, each address fetched once, requests nobody wants dropped.
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { ByteCache, type FetchBytes } from "../../../../src-renderer/viewer/byte-cache.ts";

/** Answers when told to; an address ends in the number of bytes. */
function slowServer() {
  const asked: { url: string; signal: AbortSignal; answer: () => void }[] = [];
  const fetchBytes: FetchBytes = (url, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      asked.push({ url, signal, answer: () => resolve(new Uint8Array(Number(url.split("/").at(-1)))) });
    });
  return { asked, fetchBytes };
}

const promptServer: FetchBytes = async (url) => new Uint8Array(Number(url.split("/").at(-1)));

test("never holds more bytes than it may", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 60 })), { maxLength: 40 }),
      async (wanted) => {
        const cache = new ByteCache(promptServer, 100);
        for (const [name, length] of wanted) {
          const bytes = await cache.get(`${name}/${length}`);
          expect(bytes).toHaveLength(length);
          expect(cache.sizeBytes).toBeLessThanOrEqual(100);
          expect(cache.peek(`${name}/${length}`)).toBe(bytes);
        }
      },
    ),
  );
});

test("drops what was used longest ago", async () => {
  const cache = new ByteCache(promptServer, 100);
  await cache.get("a/40");
  await cache.get("b/40");
  cache.peek("a/40");
  await cache.get("c/40");
  expect(cache.peek("a/40")).not.toBeNull();
  expect(cache.peek("b/40")).toBeNull();
});

test("gives bytes larger than the cache, without keeping them", async () => {
  const cache = new ByteCache(promptServer, 100);
  expect(await cache.get("a/400")).toHaveLength(400);
  expect(cache.sizeBytes).toBe(0);
});

test("asks once for what several want at the same time", async () => {
  const { asked, fetchBytes } = slowServer();
  const cache = new ByteCache(fetchBytes);
  const first = cache.get("a/4");
  const second = cache.get("a/4");
  asked[0]?.answer();
  expect(await first).toBe(await second);
  expect(asked).toHaveLength(1);
});

test("drops a request once everybody who wanted it has given up, not before", async () => {
  const { asked, fetchBytes } = slowServer();
  const cache = new ByteCache(fetchBytes);
  const [one, other] = [new AbortController(), new AbortController()];
  const first = cache.get("a/4", one.signal).catch(() => "given up");
  const second = cache.get("a/4", other.signal).catch(() => "given up");
  one.abort();
  expect(asked[0]?.signal.aborted).toBe(false);
  other.abort();
  expect(asked[0]?.signal.aborted).toBe(true);
  expect(await Promise.all([first, second])).toEqual(["given up", "given up"]);
});

test("a prefetch that somebody came to want is not dropped with the others", async () => {
  const { asked, fetchBytes } = slowServer();
  const cache = new ByteCache(fetchBytes);
  cache.prefetch(["a/4", "b/4", "a/4"]);
  expect(asked.map(({ url }) => url)).toEqual(["a/4", "b/4"]);
  const wanted = cache.get("a/4");
  cache.dropPrefetches();
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([false, true]);
  asked[0]?.answer();
  expect(await wanted).toHaveLength(4);
});

test("forgets a failure: the next one who asks tries again", async () => {
  const fetchBytes = vi.fn<FetchBytes>().mockRejectedValueOnce(new Error("gone")).mockImplementation(promptServer);
  const cache = new ByteCache(fetchBytes);
  await expect(cache.get("a/4")).rejects.toThrow("gone");
  expect(await cache.get("a/4")).toHaveLength(4);
});
