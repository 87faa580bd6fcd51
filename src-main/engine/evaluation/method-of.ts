// From an evaluation's parameters to what is done with each image.
import { BugError } from "../../../src-shared/contract/errors.ts";
import type { EvaluationConfig } from "../../../src-shared/contract/evaluation.ts";
import type { RgbImage } from "../images/rgb-image.ts";
import { agreementOfWindows, joinBands, type Overlap, type ScoreBand, type ScoreBands } from "../images/score-bands.ts";
import { ImageSeries } from "../methods/image-series.ts";
import type { ResultKeeper, ScoreKind } from "../methods/shared/run-options.ts";
import type { SegmentationModel } from "../methods/shared/segmentation-model.ts";
import type { MethodScores } from "./score-image.ts";

export type EvaluationMethod = (image: RgbImage, signal: AbortSignal) => Promise<MethodScores>;

export function methodOf(model: SegmentationModel, config: EvaluationConfig): EvaluationMethod {
  const series = new ImageSeries(model, config);
  return async (image, signal) => {
    const last = new LastScores(model, image);
    const { losses } = await series.run(image, { signal, keeper: last });
    return { ...last.scores(), losses };
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
