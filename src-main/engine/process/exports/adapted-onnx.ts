// The adapted network as an ONNX model for other programs, tried before it is given away.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { graphOf } from "../../graph/graph.ts";
import { input } from "../../graph/ops/input.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import { limitSize } from "../../images/limit-size.ts";
import { IMAGENET_MEAN, IMAGENET_STD, normalize } from "../../images/normalize.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";
import type { SegmentationModel } from "../../methods/shared/segmentation-model.ts";
import { forward } from "../../models/architecture.ts";
import { runOnnxModel } from "../../runtimes/onnx/run-onnx-model.ts";
import { writeStandaloneOnnxModel } from "../../runtimes/onnx/write-onnx-model.ts";

/**
 * Another order of additions moves logits by about 1e-4; where the two best classes are closer than this, either is
 * right. The runtime's own rewrites, Winograd among them, are such an order.
 */
const NEAR_TIE = 0.01;

/**
 * @param weights  by key, float32
 * @param size     of the network's input, fixed in the model
 * @param output   size of the logits, half-pixel centres; the input's unless it was reduced
 */
export function onnxModelOf(
  model: SegmentationModel,
  weights: ReadonlyMap<string, Float32Array>,
  size: readonly [number, number],
  output: readonly [number, number],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const { architecture } = model;
  const { logits: low } = forward(architecture, model.evaluationScope(), input("image", [1, 3, ...size]));
  const enlarged = resizeBilinear(low, size, architecture.alignCorners);
  const logits = size.join() === output.join() ? enlarged : resizeBilinear(enlarged, output, false);
  return writeStandaloneOnnxModel(graphOf({ logits }), {
    given: weights,
    metadata: {
      input: `image: float32 [1, 3, ${size.join(", ")}], red, green, blue / 255, less ${IMAGENET_MEAN.join(", ")}, divided by ${IMAGENET_STD.join(", ")}`,
      output: `logits: float32 [1, ${architecture.numClasses}, ${output.join(", ")}]; the largest is the class`,
      ...metadata,
    },
  });
}

/**
 * The model of a run over this image, run once: it predicts what the run predicted.
 *
 * @param labels  the run's prediction
 * @throws AppError `run.differs` when it does not
 */
export async function triedOnnxModel(
  model: SegmentationModel,
  weights: ReadonlyMap<string, Float32Array>,
  image: RgbImage,
  labels: LabelMap,
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const limited = limitSize(image);
  const [size, output] = [limited, image].map(({ height, width }): [number, number] => [height, width]) as [
    [number, number],
    [number, number],
  ];
  const bytes = onnxModelOf(model, weights, size, output, metadata);
  const pixels = { name: "image", data: normalize(limited), shape: [1, 3, ...size] };
  const logits = await runOnnxModel(bytes, pixels, "logits");
  const wrong = clearlyDifferent(logits, labels);
  if (wrong === 0) return bytes;
  throw new AppError(
    "run.differs",
    `The ONNX model was tried, and ${wrong} of ${labels.data.length} pixels clearly differ from the run's; it was not written.`,
  );
}

/** Pixels whose label's logit is clearly below another one. */
function clearlyDifferent(logits: Float32Array, { data: labels }: LabelMap): number {
  const plane = labels.length;
  let count = 0;
  for (let i = 0; i < plane; i++) {
    const own = logits[(labels[i] as number) * plane + i] ?? Number.NaN;
    for (let at = i; at < logits.length; at += plane) {
      if ((logits[at] as number) <= own + NEAR_TIE) continue;
      count += 1;
      break;
    }
  }
  return count;
}
