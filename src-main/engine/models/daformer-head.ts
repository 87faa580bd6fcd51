// DAFormer's head and its variants: each map embedded, all of them at the finest one's size, then fused.
import { at } from "../graph/node.ts";
import { add } from "../graph/ops/add.ts";
import { conv } from "../graph/ops/conv.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { resizeBilinear } from "../graph/ops/resize-bilinear.ts";
import type { Node, Shape } from "../graph/types.ts";
import { type DecodeHead, type EncoderMaps, HEAD } from "./encoder-decoder.ts";
import { type InitialValues, isBias, normalByOutputs, uniformByInputs, ZEROS } from "./initial-values.ts";
import { interlacedAttention } from "./interlaced-attention.ts";
import type { ModelScope } from "./model-scope.ts";
import { pointConv } from "./residual-blocks.ts";
import { pointModule, spatialPyramid } from "./spatial-pyramid.ts";

/**
 * How embedded maps are fused. `bottleneck` has the pyramid in the embedding of the last map, which comes enlarged by 8.
 * Source: spec of EBDA, "4.4 Variants selectable by config", where their names begin with `daformer_`.
 */
export const DAFORMER_FUSIONS = ["sepaspp", "conv1", "aspp", "isa", "sepaspp_bottleneck"] as const;
export type DaformerFusion = (typeof DAFORMER_FUSIONS)[number];

/** By the head's name, such as "daformer_conv1". */
export function fusionNamed(head: `daformer_${DaformerFusion}`): DaformerFusion {
  return head.slice("daformer_".length) as DaformerFusion; // what the type of the name says
}

export interface DaformerConfig {
  readonly fusion: DaformerFusion;
  readonly numClasses: number;
  /** Channels that each map is embedded to; 256 in the originals. */
  readonly embedWidth: number;
  /** Channels of the fused map; 256 in the originals. */
  readonly width: number;
}

/** Standard deviation of the classifier. */
const CLASSIFIER_DEVIATION = 0.01;
/** How many times the bottleneck's neck enlarges the last map. */
const NECK = 8;

/** Source: spec of EBDA, "4. DAFormer decoder head". */
export function daformerHead(config: DaformerConfig): DecodeHead {
  const { fusion, numClasses } = config;
  return {
    name: fusion === "sepaspp" ? "daformer" : `daformer_${fusion}`,
    numClasses,
    apply: (scope, maps) => {
      const embedded = embeddedMaps(scope, fusion === "sepaspp_bottleneck" ? enlargedLast(maps) : maps, config);
      const fused = fusedMap(scope, embedded, config);
      return pointConv(scope, scope.channelDropout(fused), numClasses, `${HEAD}conv_seg`);
    },
    firstKeys: [`${HEAD}conv_seg.`],
    unusedKeys: new Map(),
    initialValues,
  };
}

/** Source: spec of EBDA, "4.3 Initialisation". */
function initialValues(key: string, weight: Shape): InitialValues {
  if (key.startsWith(`${HEAD}conv_seg.`)) return isBias(key) ? ZEROS : { deviation: CLASSIFIER_DEVIATION };
  const isPlainLayer = /embed_layers\.\d+\.(proj|0)\./.test(key) || key.includes(".value_project.");
  return isPlainLayer ? uniformByInputs(weight) : normalByOutputs(weight);
}

function enlargedLast([f1, f2, f3, f4]: EncoderMaps): EncoderMaps {
  const [, , h, w] = f4.shape as [number, number, number, number];
  return [f1, f2, f3, resizeBilinear(f4, [NECK * h, NECK * w], false)];
}

/** Each at its own size. */
function embeddedMaps(scope: ModelScope, maps: EncoderMaps, { fusion, embedWidth }: DaformerConfig): Node[] {
  return maps.map((map, k) => {
    const key = `${HEAD}embed_layers.${k}`;
    return fusion === "sepaspp_bottleneck" && k === maps.length - 1
      ? spatialPyramid(scope, [pointConv(scope, map, embedWidth, `${key}.0`)], embedWidth, true, `${key}.1`)
      : linearOfMap(scope, map, embedWidth, `${key}.proj`);
  });
}

function fusedMap(scope: ModelScope, maps: readonly Node[], { fusion, width }: DaformerConfig): Node {
  const key = `${HEAD}fuse_layer`;
  switch (fusion) {
    case "sepaspp":
      return spatialPyramid(scope, maps, width, true, key);
    case "aspp":
      return spatialPyramid(scope, maps, width, false, key);
    case "isa":
      return interlacedAttention(scope, maps, width, key);
    case "conv1":
    case "sepaspp_bottleneck":
      return pointModule(scope, maps, width, key);
    default:
      return fusion satisfies never;
  }
}

/** A linear layer at each pixel, under `KEY.weight` [channels, C] and `KEY.bias`: float32 [N, channels, h, w]. */
export function linearOfMap(scope: ModelScope, map: Node, channels: number, key: string): Node {
  const inputs = at(map.shape, 1);
  const weight = reshape(scope.parameter(`${key}.weight`, [channels, inputs]), [channels, inputs, 1, 1]);
  return add(conv(map, weight), reshape(scope.parameter(`${key}.bias`, [channels]), [1, channels, 1, 1]));
}
