// What the network sees in an image, as one vector: means of the features that leave the last stage of its backbone.
import { graphOf } from "../../graph/graph.ts";
import { at, elementCount } from "../../graph/node.ts";
import { concat } from "../../graph/ops/concat.ts";
import { input } from "../../graph/ops/input.ts";
import { reduceMean } from "../../graph/ops/reduce-mean.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import type { Node, Shape } from "../../graph/types.ts";
import { resizeBilinear } from "../../images/resize-bilinear.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import { type Architecture, applyStages } from "../../models/architecture.ts";
import type { ModelScope } from "../../models/model-scope.ts";
import { outputOf, type SegmentationModel } from "../shared/segmentation-model.ts";
import { floats } from "./predict.ts";

/** Scenes are told apart at this size as well as at the full one, in a sixteenth of the time. */
const MOST_PIXELS = 512 * 256;

/** @returns  float32 [C] of length 1; every channel of every feature map that the last backbone stage makes */
export async function embedImage(model: SegmentationModel, image: RgbImage): Promise<Float32Array> {
  const pixels = model.upload(reduced(image));
  const program = await model.programs.get(`embedding ${pixels.shape}`, () =>
    embeddingGraph(model.architecture, model.evaluationScope(), pixels.shape),
  );
  const output = outputOf(await program.run(new Map([...model.base, ["image", pixels]])), "embedding");
  const vector = await floats(output);
  for (const tensor of [output, pixels]) tensor.dispose();
  return unitLength(vector);
}

function embeddingGraph({ stages }: Architecture, scope: ModelScope, shape: Shape) {
  // The last stage is the head; the one before ends the backbone.
  const before = applyStages(stages.slice(0, -2), scope, [input("image", shape)]);
  const after = applyStages(stages.slice(-2, -1), scope, before);
  // Maps that the stage only passes on, such as details for the head, are not its own.
  const own = after.filter((map) => !before.includes(map));
  // A stage may put out one map twice: for the next stage, and for the head.
  return graphOf({ embedding: pooled([...new Set(own.length === 0 ? after : own)]) });
}

function pooled(maps: readonly Node[]): Node {
  const means = maps.map((map) => {
    const mean = reduceMean(map, [2, 3], true);
    return reshape(mean, [1, elementCount(mean.shape)]);
  });
  return means.length === 1 ? at(means, 0) : concat(means, 1);
}

function reduced(image: RgbImage): RgbImage {
  const { width, height } = image;
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)));
  if (scale === 1) return image;
  return resizeBilinear(image, Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
}

function unitLength(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}
