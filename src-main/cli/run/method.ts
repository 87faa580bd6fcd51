// What a run over images needs to know of the method it runs.
import type { ImageResult, RunConfig, RunResults } from "../../../src-shared/contract/results.ts";
import type { RgbImage } from "../../engine/images/rgb-image.ts";
import type { MethodOptions } from "../../engine/methods/run-method.ts";
import type { SegmentationModel } from "../../engine/methods/shared/segmentation-model.ts";

export interface MethodResult {
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
  /** Its predictions go to the keeper. */
  run(model: SegmentationModel, image: RgbImage, options: MethodOptions): Promise<MethodResult>;
}
