// A network's weights from scratch.
import { elementCount, type StateDict, type StateTensor } from "../checkpoints/state-dict.ts";
import type { Shape } from "../graph/types.ts";
import { createRandom, mixSeeds } from "../random.ts";
import type { Architecture } from "./architecture.ts";
import type { InitialValues } from "./initial-values.ts";
import { normLayers } from "./normalization.ts";

type Network = Pick<Architecture, "keys" | "normalization" | "initialValues">;

/**
 * Normalisation starts as the identity, everything else as the architecture says.
 *
 * @param alpha  of every normalisation layer that keeps one
 * @returns      in the order of the architecture's keys
 */
export function initialStateDict(network: Network, alpha: number, seed: number): StateDict {
  const ofNormalization = normalizationValues(network, alpha);
  return new Map(
    [...network.keys].map(([key, shape], index): [string, StateTensor] => {
      if (key.endsWith(".num_batches_tracked")) return [key, { dtype: "int64", shape, data: new BigInt64Array(1) }];
      const values = ofNormalization.get(key) ?? network.initialValues(key, weightShape(network, key, shape));
      return [key, { dtype: "float32", shape, data: drawn(values, elementCount(shape), mixSeeds(seed, index)) }];
    }),
  );
}

function normalizationValues({ keys, normalization }: Network, alpha: number): ReadonlyMap<string, InitialValues> {
  return new Map(
    normLayers(keys.keys(), normalization).flatMap((layer): [string, InitialValues][] => [
      [layer.alpha, { all: alpha }],
      [layer.weight, { all: 1 }],
      [layer.bias, { all: 0 }],
      [layer.mean, { all: 0 }],
      [layer.variance, { all: 1 }],
    ]),
  );
}

/** Of the layer that a bias belongs to. */
function weightShape({ keys }: Network, key: string, shape: Shape): Shape {
  return keys.get(key.replace(/\.bias$/, ".weight")) ?? shape;
}

function drawn(values: InitialValues, count: number, seed: number): Float32Array {
  const data = new Float32Array(count);
  if ("all" in values) return data.fill(values.all);
  const random = createRandom(seed);
  for (let i = 0; i < count; i++) {
    data[i] = "limit" in values ? random.uniform(-values.limit, values.limit) : values.deviation * random.normal();
  }
  return data;
}
