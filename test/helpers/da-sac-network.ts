// The weights of DA-SAC's recorded cases, by the portable generator.
import { readFileSync } from "node:fs";
import { elementCount, type StateTensor } from "../../src-main/engine/checkpoints/state-dict.ts";
import type { DaSacNetwork } from "../../src-shared/contract/training/da-sac.ts";
import { DA_SAC_FIXTURES } from "./fixtures-root.ts";
import { fnv1a, hash32 } from "./generated-weights.ts";
import { readFixtureTensors } from "./safetensors-fixture.ts";

/** `models/ARCH/state_dict.json`. */
export interface RecordedNetwork {
  readonly num_classes: number;
  readonly weights: { readonly seed: number };
  readonly n_parameters: number;
  /** In the optimizer's order. */
  readonly parameter_groups: readonly {
    readonly lr_multiplier: number;
    readonly weight_decay_multiplier: number;
    readonly params: readonly string[];
  }[];
  /** In state order. */
  readonly tensors: readonly RecordedTensor[];
}

export interface RecordedTensor {
  readonly key: string;
  readonly shape: readonly number[];
  /** None of running statistics, which are stored. */
  readonly rule?: keyof typeof RULES | "zero";
  readonly scale?: number;
  readonly crc32: string;
}

export function recordedNetwork(arch: DaSacNetwork): RecordedNetwork {
  return JSON.parse(readFileSync(`${DA_SAC_FIXTURES}models/${arch}/state_dict.json`, "utf8")) as RecordedNetwork;
}

/** The weights that the recorded cases were made with, in state order. Source: fixtures README, "2. Weights". */
export function daSacStateDict(arch: DaSacNetwork): Map<string, StateTensor> {
  return generatedStateDict(recordedNetwork(arch), `${DA_SAC_FIXTURES}models/${arch}/bn_stats.safetensors`);
}

/** @param statisticsFile  of the normalisation layers, which are stored */
export function generatedStateDict(
  { tensors, weights }: Pick<RecordedNetwork, "tensors" | "weights">,
  statisticsFile: string,
): Map<string, StateTensor> {
  const statistics = readFixtureTensors(statisticsFile);
  return new Map(
    tensors.map((recorded): [string, StateTensor] => {
      const { key, shape, rule } = recorded;
      if (rule === "zero") return [key, { dtype: "int64", shape, data: new BigInt64Array(1) }];
      const data = rule === undefined ? statistics(key).data : generated(recorded, RULES[rule], weights.seed);
      return [key, { dtype: "float32", shape, data }];
    }),
  );
}

const RULES = {
  bn_weight: (u: number, scale: number): number => (scale === 1 ? 0.75 + 0.5 * u : (0.75 + 0.5 * u) * scale),
  bn_bias: (u: number): number => (u - 0.5) * 0.2,
  conv_weight: (u: number, scale: number): number => (2 * u - 1) * scale,
  bias: (u: number): number => (u - 0.5) * 0.1,
} as const;

function generated(
  { key, shape, scale = 1 }: RecordedTensor,
  rule: (u: number, scale: number) => number,
  seed: number,
) {
  const stream = (fnv1a(key) ^ seed) >>> 0;
  const data = new Float32Array(elementCount(shape));
  for (let i = 0; i < data.length; i += 1) data[i] = rule(hash32(stream, i) / 4294967296, scale);
  return data;
}
