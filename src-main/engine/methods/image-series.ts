// A method on many images, one after the other; from one to the next only velocities go, and only on request.
import type { ImageMethodConfig } from "../../../src-shared/contract/image-methods.ts";
import type { RgbImage } from "../images/rgb-image.ts";
import { type FinishedMethod, type MethodOptions, runMethod } from "./image-methods.ts";
import type { Velocities } from "./self-adaptation/adapted-weights.ts";
import type { SegmentationModel } from "./shared/segmentation-model.ts";

export class ImageSeries {
  readonly #model: SegmentationModel;
  readonly #config: ImageMethodConfig;
  #velocities: Velocities | undefined;

  constructor(model: SegmentationModel, config: ImageMethodConfig) {
    this.#model = model;
    this.#config = config;
  }

  /** Predictions go to the keeper. @throws those of `runMethod`, after which the next image begins at rest */
  async run(image: RgbImage, options: MethodOptions): Promise<Omit<FinishedMethod, "weights">> {
    const carried = this.#velocities === undefined ? {} : { velocities: this.#velocities };
    this.#velocities = undefined;
    const { weights, ...finished } = await runMethod(this.#model, image, this.#config, { ...options, ...carried });
    if (this.#config.method === "adapt" && this.#config.carryVelocity) this.#velocities = weights?.takeVelocities();
    weights?.dispose();
    return finished;
  }
}
