// Weights, image and labels of the specification's own golden vectors. Source: self-adaptation specification, "8. Golden vectors".
import { elementCount, type StateTensor } from "../../src-main/engine/checkpoints/state-dict.ts";
import type { LabelMap, RgbImage } from "../../src-main/engine/images/rgb-image.ts";
import { IGNORE_LABEL } from "../../src-shared/labels/ignore-label.ts";
import { fnv1a } from "./generated-weights.ts";

const HEIGHT = 96;
const WIDTH = 160;

/** The i-th number in 0..1 of the stream that a hash names; another one than the fixtures'. */
export function specUnit(hash: number, i: number): number {
  let x = (Math.imul(i, 2654435761) + hash) | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 2246822519);
  x ^= x >>> 13;
  x = Math.imul(x, 3266489917);
  x ^= x >>> 16;
  return (x >>> 0) / 4294967296;
}

/** A state dict of the given keys (without `module.`) and shapes. */
export function specStateDict(keys: ReadonlyMap<string, readonly number[]>, alpha = 0.1): Map<string, StateTensor> {
  return new Map(
    [...keys].map(([key, shape]): [string, StateTensor] => {
      if (key.endsWith(".num_batches_tracked")) return [key, { dtype: "int64", shape, data: new BigInt64Array(1) }];
      const [rule, hash] = [valueRule(key, shape, alpha), fnv1a(key)];
      const data = new Float32Array(elementCount(shape));
      for (let i = 0; i < data.length; i += 1) data[i] = rule(specUnit(hash, i));
      return [key, { dtype: "float32", shape, data }];
    }),
  );
}

/** The first rule of the specification's table that fits. */
function valueRule(key: string, shape: readonly number[], alpha: number): (u: number) => number {
  if (key.endsWith(".alpha")) return () => alpha;
  if (key.endsWith(".running_mean")) return (u) => (u - 0.5) * 0.4;
  if (key.endsWith(".running_var")) return (u) => 0.75 + 0.5 * u;
  if (key.endsWith("bn3.batch_norm.weight")) return (u) => 0.2 + 0.1 * u;
  if (key.endsWith(".batch_norm.weight")) return (u) => 0.75 + 0.5 * u;
  if (key.endsWith(".bias")) return (u) => (u - 0.5) * 0.2;
  if (key.endsWith("fc.weight")) return (u) => (2 * u - 1) * 0.02;
  const bound = Math.sqrt(6 / elementCount(shape.slice(1)));
  return (u) => (2 * u - 1) * bound;
}

/** 160 x 96 pixels in blocks of 16, with noise. */
export function specImage(): RgbImage {
  const hash = fnv1a("image");
  const data = Uint8Array.from({ length: HEIGHT * WIDTH * 3 }, (_, i) => {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % WIDTH, Math.floor(i / (3 * WIDTH))];
    const cell = ((x >> 4) * 7 + (y >> 4) * 13 + c * 29) & 255;
    const base = (cell * 37 + c * 11) & 255;
    return Math.min(255, Math.floor((base * 7) / 8) + Math.floor(32 * specUnit(hash, i)));
  });
  return { width: WIDTH, height: HEIGHT, data };
}

/** Its train ids. */
export function specLabels(): LabelMap {
  const data = Uint8Array.from({ length: HEIGHT * WIDTH }, (_, i) => {
    const label = (((i % WIDTH) >> 4) * 3 + (Math.floor(i / WIDTH) >> 4) * 5) % 21;
    return label < 19 ? label : IGNORE_LABEL;
  });
  return { width: WIDTH, height: HEIGHT, data };
}
