// The weight generator of the golden cases, against the fixtures' own test vectors and checksums.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readSafetensors } from "../../../src-main/engine/checkpoints/safetensors/read-safetensors.ts";
import { bytesOfTensor, toFloat32 } from "../../../src-main/engine/checkpoints/state-dict.ts";
import { FIXTURES } from "../../helpers/fixtures-root.ts";
import { fnv1a, generateStateDict, hash32, type WeightGains } from "../../helpers/generated-weights.ts";

const MODELS = join(FIXTURES, "models");

interface Listing {
  readonly weights: WeightGains;
  readonly tensors: readonly {
    readonly key: string;
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly crc32?: string;
    readonly first?: readonly number[];
  }[];
}

describe("generated weights", () => {
  test("the hash of key names has the README's values", () => {
    expect(["", "a", "cls_head.weight"].map(fnv1a)).toEqual([2166136261, 3826002220, 2891278160]);
  });

  test("the number streams have the README's values", () => {
    const stream = (seed: number, count: number) => Array.from({ length: count }, (_, i) => hash32(seed, i));
    expect(stream(2891277497, 4)).toEqual([3901549248, 4185525291, 4233088173, 3670507521]);
    expect(hash32(2891277497, 15)).toBe(1598689369);
    expect(stream(0, 4)).toEqual([0, 1684164658, 3653269916, 2939563536]);
    expect(stream(1, 4)).toEqual([2261973619, 1580013426, 350525680, 3524174333]);
    expect(stream(4294967295, 4)).toEqual([2578835075, 3950124170, 4293442868, 1302505678]);
  });

  test("running statistics that no file stores are generated too", () => {
    const keys = new Map([
      ["backbone.bn1.batch_norm.running_mean", [2]],
      ["backbone.bn1.batch_norm.running_var", [2]],
      ["backbone.bn1.alpha", []],
    ]);
    const gains = { seed: 1001, head_gain: 3, res_gain: 0.2, fuse_gain: 0.1, conv_gain: 4 };
    const dict = generateStateDict(keys, gains, 0.1);
    expect([...dict.values()].map(({ data }) => [...data])).toEqual([
      [-0.07932484149932861, -0.12612076103687286],
      [0.6415489912033081, 0.8613942861557007],
      [Math.fround(0.1)],
    ]);
  });

  const models = ["deeplab-resnet50", "deeplab-resnet101", "deeplabv3plus-resnet50", "hrnet18"];
  test.each(models)("every tensor of %s has its recorded checksum", async (name) => {
    const listing = JSON.parse(readFileSync(join(MODELS, name, "state_dict.json"), "utf8")) as Listing;
    const { tensors } = await readSafetensors(join(MODELS, name, "bn_stats.safetensors"));
    const stats = new Map([...tensors].map(([key, tensor]) => [key, toFloat32(tensor)]));
    const keys = new Map(listing.tensors.map(({ key, shape }) => [key, shape]));
    const dict = generateStateDict(keys, listing.weights, 0.1, stats);
    const found = listing.tensors.map(({ key }) => {
      const tensor = dict.get(key);
      return tensor === undefined ? "missing" : `${key} ${tensor.dtype} ${crcText(crc32(bytesOfTensor(tensor)))}`;
    });
    // Alphas differ from run to run and have no checksum.
    const checked = listing.tensors.map(({ key, dtype, crc32: crc }, k) => (crc ? `${key} ${dtype} ${crc}` : found[k]));
    expect(found).toEqual(checked);
  });
});

function crcText(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}
