// What a model says of a target image: the sum of its logits for the image and for its mirror image, in the network's size.
// Source: spec of CROTS, "5. Step 1".
import { graphOf } from "../../graph/graph.ts";
import { add } from "../../graph/ops/add.ts";
import { argMax } from "../../graph/ops/arg-max.ts";
import { input } from "../../graph/ops/input.ts";
import { logSoftmax } from "../../graph/ops/log-softmax.ts";
import { mul } from "../../graph/ops/mul.ts";
import { neg } from "../../graph/ops/neg.ts";
import { reduceMax } from "../../graph/ops/reduce-max.ts";
import { reduceMean } from "../../graph/ops/reduce-mean.ts";
import { reduceSum } from "../../graph/ops/reduce-sum.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import { reverse } from "../../graph/ops/reverse.ts";
import { softmax } from "../../graph/ops/softmax.ts";
import type { Node } from "../../graph/types.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";
import { forward } from "../../models/architecture.ts";
import { takeNumber } from "../shared/outputs.ts";
import { requireFinite } from "../shared/require-finite.ts";
import { outputOf, type SegmentationModel } from "../shared/segmentation-model.ts";
import { preparedImage, type Size } from "./prepared.ts";

/** Labels of an image with how sure they are. */
export interface TargetLabels {
  /** Train ids. */
  readonly labels: LabelMap;
  /** The largest probability, float32 [H, W]; null where only labels are known. */
  readonly confidence: Float32Array | null;
  /** Mean over the pixels, in nats; null where only labels are known. */
  readonly entropy: number | null;
}

const COLUMNS = 3;

/**
 * @param image  of any size
 * @param size   that it is resized to first, and that the labels have
 * @throws AppError `method.diverged` when a logit is no number; `image.size`
 */
export async function predictedLabels(model: SegmentationModel, image: RgbImage, size: Size): Promise<TargetLabels> {
  const [height, width] = size;
  const pixels = model.upload(preparedImage(image, size));
  const program = await model.programs.get(`labels ${pixels.shape}`, () => labelsGraph(model, size));
  const outputs = await program.run(new Map([...model.base, ["image", pixels]])).finally(() => pixels.dispose());
  try {
    const confidence = Float32Array.from(await outputOf(outputs, "confidence").read());
    requireFinite(confidence, model);
    const labels = Uint8Array.from(await outputOf(outputs, "labels").read());
    return { labels: { width, height, data: labels }, confidence, entropy: await takeNumber(outputs, "entropy") };
  } finally {
    for (const tensor of outputs.values()) tensor.dispose();
  }
}

function labelsGraph(model: SegmentationModel, size: Size) {
  const { architecture } = model;
  const scope = model.evaluationScope();
  const enlarged = (image: Node): Node =>
    resizeBilinear(forward(architecture, scope, image).logits, size, architecture.alignCorners);
  const image = input("image", [1, 3, ...size]);
  const logits = add(enlarged(image), reverse(enlarged(reverse(image, COLUMNS)), COLUMNS));
  const p = softmax(logits, 1);
  const entropy = reduceMean(neg(reduceSum(mul(p, logSoftmax(logits, 1)), [1], true)), [0, 1, 2, 3]);
  return graphOf({ labels: argMax(logits, 1), confidence: reduceMax(p, [1], true), entropy });
}
