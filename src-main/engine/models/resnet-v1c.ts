// ResNet-V1c as an encoder: three 3x3 convolutions in place of the 7x7 one, late layers dilated.
import { maxPool } from "../graph/ops/max-pool.ts";
import type { Node } from "../graph/types.ts";
import type { Stage } from "./architecture.ts";
import { collected, ENCODER, type Encoder } from "./encoder-decoder.ts";
import { isBias, normalByOutputs, ZEROS } from "./initial-values.ts";
import type { ModelScope } from "./model-scope.ts";
import { convNorm, DENSE, HALVING } from "./residual-blocks.ts";
import { type ResnetConfig, resnetLayers } from "./resnet.ts";

const KEY = ENCODER.slice(0, -1);

/** Output stride 8; the first block of a dilated layer has half the dilation. Source: spec of EBDA, "5", ResNet-V1c. */
export function resnetV1c(name: string, config: ResnetConfig): Encoder {
  const layers = resnetLayers(config, { key: KEY, firstDilations: [1, 2] });
  const first: Stage = { name: "stem", apply: (scope, [image]) => [stem(scope, image, config.width)] };
  return {
    name,
    stages: [first, ...layers.map(collected)],
    smallestSide: 1,
    coarsestStride: 8,
    firstKeys: [],
    initialValues: (key, weight) => (isBias(key) ? ZEROS : normalByOutputs(weight)),
    layersOption: "resnetLayers",
    isFrozen: (key, layersFrozen) =>
      ["stem", ...layersFrozen.map((layer) => `layer${layer}`)].some((part) => key.startsWith(`${KEY}.${part}.`)),
  };
}

function stem(scope: ModelScope, image: Node, width: number): Node {
  // Convolutions, normalisations and activations count as places 0 to 8.
  const places = [
    { place: 0, channels: width / 2, spacing: HALVING },
    { place: 3, channels: width / 2, spacing: DENSE },
    { place: 6, channels: width, spacing: DENSE },
  ];
  const deep = places.reduce((x, { place, channels, spacing }) => {
    const [convKey, normKey] = [`${KEY}.stem.${place}`, `${KEY}.stem.${place + 1}`];
    return scope.activate(convNorm(scope, x, channels, 3, spacing, convKey, normKey));
  }, image);
  return maxPool(deep, { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
}
