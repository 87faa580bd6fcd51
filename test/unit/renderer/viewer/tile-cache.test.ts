// Tiles are fetched a few at a time, those in view now before those that were, each once, and kept within bytes.
import { describe, expect, it } from "vitest";
import { TileCache } from "../../../../src-renderer/viewer/tile-cache.ts";
import { settled } from "../../../helpers/until.ts";

function cacheOf(maxBytes?: number) {
  const asked: string[] = [];
  const pending = new Map<string, PromiseWithResolvers<ImageBitmap>>();
  const cache = new TileCache((url) => {
    asked.push(url);
    const tile = Promise.withResolvers<ImageBitmap>();
    pending.set(url, tile);
    return tile.promise;
  }, maxBytes);
  const arrive = async (url: string): Promise<void> => {
    pending.get(url)?.resolve({ width: 512, height: 512 } as ImageBitmap); // only its size is looked at
    await settled();
  };
  const fail = async (url: string): Promise<void> => {
    pending.get(url)?.reject(new Error("gone"));
    await settled();
  };
  return { cache, asked, arrive, fail };
}

describe("tiles", () => {
  it("are fetched four at a time, what is wanted now first", async () => {
    const { cache, asked, arrive } = cacheOf();
    let heard = 0;
    const onArrived = (): void => {
      heard += 1;
    };
    cache.want(["a", "b", "c", "d", "e", "f"], onArrived);
    expect(asked).toEqual(["a", "b", "c", "d"]);
    cache.want(["x", "e"], onArrived);
    await arrive("b");
    await arrive("a");
    await arrive("c");
    expect(asked).toEqual(["a", "b", "c", "d", "x", "e", "f"]);
    expect(heard).toBe(3);
    expect(cache.peek("b")).not.toBeNull();
    expect(cache.peek("d")).toBeNull();
  });

  it("are asked for once, and by the next look again where they could not be had", async () => {
    const { cache, asked, arrive, fail } = cacheOf();
    cache.want(["a", "b"], () => {});
    cache.want(["a", "b"], () => {});
    await arrive("a");
    await fail("b");
    expect(asked).toEqual(["a", "b"]);
    cache.want(["a", "b"], () => {});
    expect(asked).toEqual(["a", "b", "b"]);
  });

  it("go when they were unused for longest and there are too many bytes", async () => {
    const { cache, arrive } = cacheOf(2 * 4 * 512 * 512);
    cache.want(["a", "b", "c"], () => {});
    await arrive("a");
    await arrive("b");
    cache.peek("a");
    await arrive("c");
    expect([cache.peek("a"), cache.peek("b"), cache.peek("c")].map((tile) => tile !== null)).toEqual([
      true,
      false,
      true,
    ]);
    expect(cache.sizeBytes).toBe(2 * 4 * 512 * 512);
  });
});
