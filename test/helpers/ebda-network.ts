// The weights of EBDA's recorded cases, by the portable generator. Source: fixtures README, "1. Weights: a portable generator".
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { bytesOfTensor, elementCount, type StateTensor } from "../../src-main/engine/checkpoints/state-dict.ts";
import type { Architecture } from "../../src-main/engine/models/architecture.ts";
import { daformerOf } from "../../src-main/engine/models/mmseg-networks.ts";
import { fnv1a, hash32 } from "./generated-weights.ts";
import { type FixtureTensor, readFixtureTensors } from "./safetensors-fixture.ts";

/** What a `case.json` says of its network; paths are relative to it. */
export interface EbdaNetworkCase {
  /** daformer-mitb0, daformer-mitb5. */
  readonly model: string;
  readonly weights: EbdaWeights;
  readonly state_dict: string;
  readonly bn_stats: string;
}

export interface EbdaWeights {
  readonly seed: number;
  readonly conv_gain: number;
  readonly res_gain: number;
  readonly head_gain: number;
}

/** `models/NAME/state_dict.json`. */
interface RecordedStateDict {
  readonly weights: EbdaWeights;
  /** In state order. */
  readonly tensors: Readonly<Record<string, Omit<RecordedKey, "key">>>;
}

export interface RecordedKey {
  readonly key: string;
  readonly shape: readonly number[];
  readonly crc32: number;
  readonly trainable: boolean;
}

/** Classes of all recorded networks. */
const NUM_CLASSES = 19;

export function ebdaArchitecture({ model }: Pick<EbdaNetworkCase, "model">): Architecture {
  const [, head, encoder] = /^(daformer)-mit(b\d)$/.exec(model) ?? [];
  if (head === undefined || encoder === undefined) throw new Error(`no network is called "${model}"`);
  return daformerOf(`mit_${encoder}`, NUM_CLASSES);
}

export function ebdaRecordedKeys(folder: string, { state_dict }: EbdaNetworkCase): RecordedKey[] {
  const { tensors } = JSON.parse(readFileSync(join(folder, state_dict), "utf8")) as RecordedStateDict;
  return Object.entries(tensors).map(([key, tensor]) => ({ key, ...tensor }));
}

/**
 * The weights of a case, in state order.
 *
 * @param folder   of its case.json
 * @param weights  other than the case's own, for its other networks
 * @throws Error when they are not the recorded ones
 */
export function ebdaStateDict(
  folder: string,
  testCase: EbdaNetworkCase,
  weights: EbdaWeights = testCase.weights,
): Map<string, StateTensor> {
  const statistics = readFixtureTensors(join(folder, testCase.bn_stats));
  return new Map(
    ebdaRecordedKeys(folder, testCase).map(({ key, shape, crc32: expected }): [string, StateTensor] => {
      const tensor = generatedTensor(key, shape, weights, statistics);
      if (weights === testCase.weights && crc32(bytesOfTensor(tensor)) !== expected) {
        throw new Error(`the generated "${key}" is not the recorded one`);
      }
      return [key, tensor];
    }),
  );
}

function generatedTensor(
  key: string,
  shape: readonly number[],
  weights: EbdaWeights,
  statistics: (name: string) => FixtureTensor,
): StateTensor {
  if (key.endsWith(".num_batches_tracked")) return { dtype: "int64", shape, data: new BigInt64Array(1) };
  if (/\.running_(mean|var)$/.test(key)) return { dtype: "float32", shape, data: statistics(key).data };
  const rule = ruleOf(key, shape, weights);
  const seed = (fnv1a(key) ^ weights.seed) >>> 0;
  const data = new Float32Array(elementCount(shape));
  for (let i = 0; i < data.length; i += 1) data[i] = rule(hash32(seed, i) / 4294967296);
  return { dtype: "float32", shape, data };
}

function ruleOf(key: string, shape: readonly number[], weights: EbdaWeights): (u: number) => number {
  if (key.endsWith(".bias")) return (u) => (u - 0.5) * 0.1;
  if (shape.length === 1) return (u) => 0.75 + 0.5 * u;
  const bound = Math.sqrt(6 / elementCount(shape.slice(1))) * gainOf(key, weights);
  return (u) => (2 * u - 1) * bound;
}

function gainOf(key: string, { conv_gain, res_gain, head_gain }: EbdaWeights): number {
  if (key.endsWith("conv_seg.weight")) return head_gain;
  return /\.(attn\.proj|mlp\.fc2)\.weight$/.test(key) ? res_gain : conv_gain;
}
