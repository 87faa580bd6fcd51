// Divides the images of an evaluation among several processes or machines.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { Shard } from "../../../src-shared/contract/evaluation.ts";

/** The shard's images, in the order of their keys: every n-th, so that neighbours of a drive are spread evenly. */
export function itemsOfShard<Item extends { readonly key: string }>(items: readonly Item[], shard: Shard): Item[] {
  return items
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .filter((_, position) => position % shard.count === shard.index - 1);
}

/** "2/4" → { index: 2, count: 4 }. @throws AppError `input.option` */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (index === undefined || shard.index < 1 || shard.index > shard.count) {
    throw new AppError("input.option", `--shard "${text}" is not a shard; give it as 2/4, the second of four.`);
  }
  return shard;
}
