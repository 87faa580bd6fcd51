// From an evaluation's parameters to what is done with each image.
import { BugError } from "../../../src-shared/contract/errors.ts";
import type { EvaluationConfig } from "../../../src-shared/contract/evaluation.ts";
import { cropImage } from "../images/crop.ts";
import type { RgbImage } from "../images/rgb-image.ts";
import {
  agreementOfWindows,
  joinBands,
  type Overlap,
  type ScoreBand,
  type ScoreBands,
  wholeBand,
} from "../images/score-bands.ts";
import { predictWithDropout } from "../methods/inference/predict-with-dropout.ts";
import { runMethod } from "../methods/run-method.ts";
import type { Velocities } from "../methods/self-adaptation/adapted-weights.ts";
import type { ResultKeeper, ScoreKind } from "../methods/shared/run-options.ts";
import type { SegmentationModel } from "../methods/shared/segmentation-model.ts";
import { slide } from "../methods/sliding-window/slide.ts";
import { slidingWindowOf } from "../methods/sliding-window/window-grid.ts";
import type { MethodScores } from "./score-image.ts";

export type EvaluationMethod = (image: RgbImage, signal: AbortSignal) => Promise<MethodScores>;

export function methodOf(model: SegmentationModel, config: EvaluationConfig): EvaluationMethod {
  if (config.method === "mc-dropout") return dropoutPasses(model, config);
  const method = { ...config, method: config.method };
  let velocities: Velocities | undefined;
  return async (image, signal) => {
    const last = new LastScores(model, image);
    const carried = velocities === undefined ? {} : { velocities };
    // An image that fails takes them along.
    velocities = undefined;
    const { losses, weights } = await runMethod(model, image, method, { signal, keeper: last, ...carried });
    if (config.carryVelocity) velocities = weights?.takeVelocities();
    weights?.dispose();
    return { ...last.scores(), losses };
  };
}

/** The scores of MC dropout are logarithms of the mean probabilities, so that softmax gives these back. */
function dropoutPasses(model: SegmentationModel, config: EvaluationConfig): EvaluationMethod {
  const settings = { samples: config.passes, seed: config.seed, everyRelu: config.dropout };
  const window = slidingWindowOf(config);
  return async (image, signal) => {
    const passes = async (part: RgbImage) => (await predictWithDropout(model, part, settings, { signal })).scores;
    const size = { numClasses: model.architecture.numClasses, width: image.width, height: image.height };
    const last = new LastScores(model, image);
    const bands: ScoreBands =
      window === null
        ? wholeBand(await passes(image), image.height)
        : slide(size, window, (box) => passes(cropImage(image, box)), { signal });
    await last.prediction(0, bands, "logits");
    const { scores, ...rest } = last.scores();
    return { ...rest, scores: scores.map(Math.log), losses: [] };
  };
}

/** Keeps the last prediction as a whole. */
class LastScores implements ResultKeeper {
  readonly keeps = (): boolean => false;
  readonly #size: { readonly numClasses: number; readonly width: number; readonly height: number };
  #last: Omit<MethodScores, "losses"> | null = null;

  constructor({ architecture: { numClasses } }: SegmentationModel, { width, height }: RgbImage) {
    this.#size = { numClasses, width, height };
  }

  prediction = async (_iteration: number, bands: ScoreBands, kind: ScoreKind): Promise<void> => {
    const overlaps: (Overlap | undefined)[] = [];
    const scores = await joinBands(
      heard(bands, ({ overlap }) => overlaps.push(overlap)),
      this.#size,
    );
    this.#last = { scores, kind, overlapAgreement: agreementOfWindows(overlaps) };
  };

  pseudoLabel = async (): Promise<void> => undefined;

  /** @throws BugError when the method has predicted nothing */
  scores(): Omit<MethodScores, "losses"> {
    if (this.#last === null) throw new BugError("a method ended without a prediction");
    return this.#last;
  }
}

async function* heard(bands: ScoreBands, hear: (band: ScoreBand) => void): AsyncGenerator<ScoreBand, void, undefined> {
  for await (const band of bands) {
    hear(band);
    yield band;
  }
}
