// SegFormer's head: every map through one linear layer, enlarged to the finest, joined by a 1x1 convolution.
import type { Shape } from "../graph/types.ts";
import { linearOfMap } from "./daformer-head.ts";
import { type DecodeHead, HEAD } from "./encoder-decoder.ts";
import { type InitialValues, isBias, normalByOutputs, uniformByInputs, ZEROS } from "./initial-values.ts";
import { DENSE, pointConv } from "./residual-blocks.ts";
import { convModule, pointModule } from "./spatial-pyramid.ts";

export interface SegformerConfig {
  readonly numClasses: number;
  /** 256 with MiT-B0 and B1 and 768 with the others, as released. */
  readonly width: number;
  /** Channels of a classifier that mmsegmentation keeps in its files and never uses, 128; null where a file has none. */
  readonly unusedWidth: number | null;
}

const CLASSIFIER_DEVIATION = 0.01;

/** Source: spec of EBDA, "5. Other backbones/heads". */
export function segformerHead({ numClasses, width, unusedWidth }: SegformerConfig): DecodeHead {
  return {
    name: "segformer",
    numClasses,
    apply: (scope, maps) => {
      const embedded = maps.map((map, k) => linearOfMap(scope, map, width, `${HEAD}linear_c.${k}.proj`));
      const fused = pointModule(scope, embedded, width, `${HEAD}linear_fuse`);
      return pointConv(scope, scope.channelDropout(fused), numClasses, `${HEAD}linear_pred`);
    },
    firstKeys: [`${HEAD}conv_seg.`],
    unusedKeys: new Map(unusedWidth === null ? [] : unusedClassifier(numClasses, unusedWidth)),
    initialValues,
  };
}

/**
 * As mmsegmentation itself builds it (since 0.20): a 1x1 convolution with normalisation and ReLU in place of each linear layer.
 * Source: its `decode_heads/segformer_head.py`.
 */
export function segformerConvsHead({ numClasses, width }: Pick<SegformerConfig, "numClasses" | "width">): DecodeHead {
  return {
    name: "segformer_convs",
    numClasses,
    apply: (scope, maps) => {
      const embedded = maps.map((map, k) => convModule(scope, map, width, 1, DENSE, `${HEAD}convs.${k}`));
      const fused = pointModule(scope, embedded, width, `${HEAD}fusion_conv`);
      return pointConv(scope, scope.channelDropout(fused), numClasses, `${HEAD}conv_seg`);
    },
    firstKeys: [`${HEAD}conv_seg.`],
    unusedKeys: new Map(),
    initialValues: (key, weight) =>
      key.startsWith(`${HEAD}conv_seg.`) ? initialValues(key, weight) : normalByOutputs(weight),
  };
}

function unusedClassifier(numClasses: number, width: number): [string, Shape][] {
  return [
    [`${HEAD}conv_seg.weight`, [numClasses, width, 1, 1]],
    [`${HEAD}conv_seg.bias`, [numClasses]],
  ];
}

function initialValues(key: string, weight: Shape): InitialValues {
  if (key.startsWith(`${HEAD}conv_seg.`)) return isBias(key) ? ZEROS : { deviation: CLASSIFIER_DEVIATION };
  return key.startsWith(`${HEAD}linear_fuse.`) ? normalByOutputs(weight) : uniformByInputs(weight);
}
