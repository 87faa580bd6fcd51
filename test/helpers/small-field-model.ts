// A network whose every score depends on the pixels near it only: what windows must not change inside.

import { elementCount } from "../../src-main/engine/graph/node.ts";
import { conv } from "../../src-main/engine/graph/ops/conv.ts";
import { SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import { type Architecture, allKeys, type Stage } from "../../src-main/engine/models/architecture.ts";
import type { Runtime } from "../../src-main/engine/runtimes/runtime.ts";
import { hash32 } from "./generated-weights.ts";

/** Pixels around its own that a score depends on: three convolutions of 3 x 3. */
export const FIELD_RADIUS = 3;
export const SMALL_CLASSES = 5;

const CHANNELS = [3, 6, 6, SMALL_CLASSES] as const;

/** Convolutions at the image's own resolution, without normalisation. */
export function smallFieldModel(runtime: Runtime): SegmentationModel {
  const stages = [1, 2, 3].map((layer): Stage => {
    const shape = [CHANNELS[layer] ?? 0, CHANNELS[layer - 1] ?? 0, 3, 3];
    return {
      name: `layer ${layer}`,
      apply: (scope, [x]) => {
        const y = conv(x, scope.parameter(`conv${layer}.weight`, shape), { pads: [1, 1, 1, 1] });
        return [layer === 3 ? y : scope.activate(y)];
      },
    };
  });
  const architecture: Architecture = {
    arch: "small",
    backbone: "small",
    numClasses: SMALL_CLASSES,
    stages,
    alignCorners: true,
    smallestSide: 1,
    coarsestStride: 1,
    copiesOfLoneImage: 1,
    keys: allKeys({ stages, normalization: "adaptive" }),
    normalization: "adaptive",
    newLayers: [],
    initialValues: () => ({ all: 0 }),
    imagenetKey: () => null,
    layersOption: "resnetLayers",
    isFrozen: () => false,
  };
  const weights = [...architecture.keys].map(([key, shape], place) => {
    const data = Float32Array.from({ length: elementCount(shape) }, (_, i) => (hash32(place + 7, i) % 2001) / 1000 - 1);
    return [key, { dtype: "float32" as const, shape, data }] as const;
  });
  return new SegmentationModel(runtime, architecture, new Map(weights));
}
