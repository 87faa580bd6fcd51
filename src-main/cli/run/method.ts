// What a run over images needs to know of the method it runs.
import type { ImageResult, RunConfig, RunResults } from "../../../src-shared/contract/results.ts";
import type { RgbImage } from "../../engine/images/rgb-image.ts";
import type { RunOptions } from "../../engine/methods/shared/run-options.ts";
import type { SegmentationModel } from "../../engine/methods/shared/segmentation-model.ts";

export interface MethodResult {
  /** float32 [1, K, H, W] at the image's own size. */
  readonly scores: Float32Array;
  /** One an iteration; empty unless adapted. */
  readonly losses: readonly number[];
  readonly pseudoLabel: ImageResult["pseudoLabel"];
}

export interface Method {
  readonly command: RunResults["command"];
  readonly config: RunConfig;
  /** Where its parameters come from; null for a method without a recipe. */
  readonly recipe: RunResults["recipe"];
  /** Steps of one image, for the bar. */
  readonly views: number;
  readonly iterations: number;
  /** Whether there is an earlier prediction to compare with: the checkpoint's own. */
  readonly hasBefore: boolean;
  /** What the scores are, for their name in a file. */
  readonly scoresName: "logits" | "probabilities";
  run(model: SegmentationModel, image: RgbImage, options: RunOptions): Promise<MethodResult>;
}
