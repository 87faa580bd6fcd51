// The fixtures' weights, computed from key names instead of stored. Source: fixtures README, "1. Weights: a portable generator".
import { elementCount, type StateTensor } from "../../src-main/engine/checkpoints/state-dict.ts";

/** The `weights` block of a `case.json`. */
export interface WeightGains {
  readonly seed: number;
  readonly head_gain: number;
  readonly res_gain: number;
  readonly fuse_gain: number;
  readonly conv_gain: number;
}

/** FNV-1a over the UTF-8 bytes, 32 bits. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The i-th number of the stream that a seed names, 32 bits. */
export function hash32(seed: number, i: number): number {
  let z = (seed + Math.imul(i, 0x9e3779b9)) | 0;
  z ^= z >>> 16;
  z = Math.imul(z, 0x21f0aaad);
  z ^= z >>> 15;
  z = Math.imul(z, 0x735a2d97);
  z ^= z >>> 15;
  return z >>> 0;
}

/**
 * A state dict with the fixtures' numbers.
 *
 * @param keys     every key (without `module.`) with its shape
 * @param alpha    value of each layer's `.alpha`
 * @param bnStats  running statistics that replace the generated ones, by key
 */
export function generateStateDict(
  keys: ReadonlyMap<string, readonly number[]>,
  weights: WeightGains,
  alpha: number,
  bnStats?: ReadonlyMap<string, Float32Array>,
): Map<string, StateTensor> {
  return new Map(
    [...keys].map(([key, shape]): [string, StateTensor] => {
      if (key.endsWith(".num_batches_tracked")) return [key, { dtype: "int64", shape, data: new BigInt64Array(1) }];
      const data = bnStats?.get(key) ?? generateTensor(key, shape, weights, alpha);
      return [key, { dtype: "float32", shape, data }];
    }),
  );
}

/** One float32 tensor of the state dict; values are computed in double precision and rounded once. */
function generateTensor(key: string, shape: readonly number[], weights: WeightGains, alpha: number): Float32Array {
  const rule = valueRule(key, shape, weights, alpha);
  const seed = (fnv1a(key) ^ weights.seed) >>> 0;
  const data = new Float32Array(elementCount(shape));
  for (let i = 0; i < data.length; i += 1) data[i] = rule(hash32(seed, i) / 4294967296);
  return data;
}

type ValueRule = (u: number) => number;

const HEADS = new Set(["cls_head.weight", "model.classifier.classifier.3.weight", "model.last_layer.3.weight"]);
const RESIDUAL_END = /\.bn3(\.batch_norm)?\.weight$|\.branches\.\d+\.\d+\.bn2\.batch_norm\.weight$/;

/** The first rule of the README's table that fits. */
function valueRule(key: string, shape: readonly number[], weights: WeightGains, alpha: number): ValueRule {
  if (key.endsWith(".alpha")) return () => alpha;
  if (key.endsWith(".running_mean")) return (u) => (u - 0.5) * 0.4;
  if (key.endsWith(".running_var")) return (u) => 0.5 + u;
  if (key.endsWith(".batch_norm.weight")) return normWeightRule(key, weights);
  if (key.endsWith(".batch_norm.bias")) return (u) => (u - 0.5) * 0.2;
  if (key.endsWith(".weight") && shape.length >= 2) {
    const gain = HEADS.has(key) ? weights.head_gain : weights.conv_gain;
    const bound = Math.sqrt(6 / elementCount(shape.slice(1))) * gain;
    return (u) => (2 * u - 1) * bound;
  }
  if (key.endsWith(".weight")) return normWeightRule(key, weights); // of a plain normalisation layer
  if (key.endsWith(".bias")) return (u) => (u - 0.5) * 0.1;
  throw new Error(`the generator has no rule for "${key}" [${shape}]`);
}

function normWeightRule(key: string, weights: WeightGains): ValueRule {
  if (RESIDUAL_END.test(key)) return (u) => (0.75 + 0.5 * u) * weights.res_gain;
  if (key.includes(".fuse_layers.")) return (u) => (0.75 + 0.5 * u) * weights.fuse_gain;
  return (u) => 0.75 + 0.5 * u;
}
