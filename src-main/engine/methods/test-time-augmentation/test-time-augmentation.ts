// Test-time augmentation: the fused probabilities of the views are the prediction.
import { graphOf } from "../../graph/graph.ts";
import { input } from "../../graph/ops/input.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import { limitSize } from "../../images/limit-size.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import { wholeBand } from "../../images/score-bands.ts";
import type { ViewOptions } from "../../images/views.ts";
import type { DeviceTensor } from "../../runtimes/runtime.ts";
import { floats, type Prediction, predictWith } from "../inference/predict.ts";
import type { RunOptions } from "../shared/run-options.ts";
import { outputOf, type SegmentationModel } from "../shared/segmentation-model.ts";
import { fuseViews } from "./fuse-views.ts";

/** Predicts one image by the mean over its views. The scores are probabilities. Source: spec "4.5 Modes", tta. */
export async function testTimeAugmentation(
  model: SegmentationModel,
  image: RgbImage,
  views: ViewOptions,
  options: RunOptions = {},
): Promise<Prediction> {
  const limited = limitSize(image);
  if (options.keeper?.keeps(0) === true) await keepUnadapted(model, limited, image, options);
  const fused = await fuseViews(model, limited, views, options);
  const started = performance.now();
  const scores = await nativeScores(model, fused, [image.height, image.width]).finally(() => fused.dispose());
  options.onEvent?.({ type: "predictionFinished", elapsedMs: performance.now() - started });
  await options.keeper?.prediction(1, wholeBand(scores, image.height), "probabilities");
  return { scores, lowResolution: null };
}

async function keepUnadapted(
  model: SegmentationModel,
  limited: RgbImage,
  { height, width }: RgbImage,
  options: RunOptions,
): Promise<void> {
  const pixels = model.upload(limited);
  const { scores } = await predictWith(model, pixels, [height, width], model.base, options).finally(() =>
    pixels.dispose(),
  );
  await options.keeper?.prediction(0, wholeBand(scores, height), "logits");
}

async function nativeScores(
  model: SegmentationModel,
  fused: DeviceTensor,
  size: [number, number],
): Promise<Float32Array> {
  if (fused.shape[2] === size[0] && fused.shape[3] === size[1]) return floats(fused);
  const program = await model.programs.get(`native ${fused.shape} ${size}`, () =>
    graphOf({ scores: resizeBilinear(input("fused", fused.shape), size, false) }),
  );
  const native = outputOf(await program.run(new Map([["fused", fused]])), "scores");
  return floats(native).finally(() => native.dispose());
}
