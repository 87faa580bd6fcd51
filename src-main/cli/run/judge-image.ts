// What a run over one image has brought: gathers the unadapted prediction and the last one on the way, and judges them.
import { BugError } from "../../../src-shared/contract/errors.ts";
import type { ImageResult, Scores } from "../../../src-shared/contract/results.ts";
import type { RunEvent } from "../../../src-shared/contract/run-events.ts";
import type { KeptIteration, RunMethod } from "../../../src-shared/contract/workbench/runs.ts";
import { verdictOf } from "../../../src-shared/verdict/verdict.ts";
import { verdictWords } from "../../../src-shared/verdict/verdict-words.ts";
import { predictionFigures } from "../../engine/images/prediction-figures.ts";
import { type PredictionPlanes, planesOfBands } from "../../engine/images/prediction-planes.ts";
import type { LabelMap } from "../../engine/images/rgb-image.ts";
import { joinBands, type ScoreBands, wholeBand } from "../../engine/images/score-bands.ts";
import type { ResultKeeper, ScoreKind } from "../../engine/methods/shared/run-options.ts";
import type { ConfusionMatrix } from "../../engine/metrics/confusion-matrix.ts";
import { confusionOf, scoresFrom } from "../../engine/metrics/score-labels.ts";
import type { CollectedPrediction } from "./collect-prediction.ts";

export interface JudgedImage {
  readonly width: number;
  readonly height: number;
  readonly numClasses: number;
  readonly labels: LabelMap | null;
  /** Whether the scores of the last prediction are kept, too. */
  readonly keepsScores: boolean;
}

export class ImageJudge implements ResultKeeper {
  /** The first prediction and the last are enough. */
  readonly keeps = (iteration: number): boolean => iteration === 0;
  readonly #image: JudgedImage;
  readonly #onUnadapted: () => void;
  readonly #kept: KeptIteration[] = [];
  #unadapted: Uint8Array | null = null;
  #views: Uint8Array | null = null;
  #agreement: number | null = null;
  #confusion: ConfusionMatrix | null = null;
  #last: { readonly planes: PredictionPlanes; readonly scores: Float32Array | null } | null = null;

  /** @param onUnadapted  called when that prediction is done, which is no part of the method */
  constructor(image: JudgedImage, onUnadapted: () => void) {
    this.#image = image;
    this.#onUnadapted = onUnadapted;
  }

  hear(event: RunEvent): void {
    if (event.type === "pseudoLabelFinished") this.#agreement = event.agreement;
  }

  prediction = async (iteration: number, bands: ScoreBands, kind: ScoreKind): Promise<void> => {
    const { numClasses, height, labels, keepsScores } = this.#image;
    const scores = keepsScores ? await joinBands(bands, this.#image) : null;
    const planes = await planesOfBands(scores === null ? bands : wholeBand(scores, height), kind, this.#image);
    this.#last = { planes, scores };
    const figures = predictionFigures(planes, numClasses, { unadapted: this.#unadapted, views: this.#views });
    const confusion = labels === null ? null : confusionOf(labels.data, planes.labels, numClasses);
    const { meanConfidence, meanEntropy } = planes;
    const ownScores = confusion === null ? null : scoresFrom(confusion);
    this.#kept.push({ iteration, scores: ownScores, meanConfidence, meanEntropy, figures });
    if (this.#unadapted !== null) return;
    this.#unadapted = planes.labels;
    this.#confusion = confusion;
    this.#onUnadapted();
  };

  pseudoLabel = async (_labels: LabelMap, classes: LabelMap): Promise<void> => {
    this.#views = classes.data;
  };

  /** What the method ends with. @throws BugError before there is any */
  get last(): CollectedPrediction & { readonly overlapAgreement: number | null } {
    if (this.#last === null) throw new BugError("a method ended without a prediction");
    const { width, height } = this.#image;
    const { planes, scores } = this.#last;
    return { labels: { width, height, data: planes.labels }, scores, overlapAgreement: planes.overlapAgreement };
  }

  /** Of the unadapted prediction with the run's alpha; null without labels, and where the method has none. */
  get unadaptedConfusion(): ConfusionMatrix | null {
    return this.#confusion;
  }

  /** @param before  scores of the checkpoint as it is stored */
  judged(
    method: RunMethod,
    { losses, pseudoLabel }: Pick<ImageResult, "pseudoLabel"> & { readonly losses: readonly number[] },
    before: Scores | null,
    classNames: readonly string[],
  ): Pick<ImageResult, "looks" | "verdict"> {
    const [first, last] = [this.#kept[0], this.#kept.at(-1)];
    if (method === "predict" || first === undefined || last === undefined) return { looks: null, verdict: null };
    const { meanConfidence, meanEntropy, figures } = first;
    const stored = { kind: "stored", alpha: null, hasPlanes: true, scores: before } as const;
    const run = {
      losses: [...losses],
      kept: this.#kept,
      pseudoLabel:
        pseudoLabel === null ? null : { ...pseudoLabel, keptPixels: pseudoLabel.kept, agreement: this.#agreement },
      references: before === null ? [] : [{ ...stored, meanConfidence, meanEntropy, figures }],
    };
    const verdict = verdictOf(run, last.iteration);
    const [unadapted, after] = [lookOf(first), lookOf(last)];
    return {
      looks: unadapted === null || after === null ? null : { unadapted, after, agreement: this.#agreement },
      verdict: verdict === null ? null : wordsOf(verdictWords(verdict, method, classNames)),
    };
  }
}

function lookOf({ figures, meanConfidence, meanEntropy }: KeptIteration) {
  return figures === null ? null : { ...figures, meanConfidence, meanEntropy };
}

function wordsOf({ details, alarm, ...words }: ReturnType<typeof verdictWords>): ImageResult["verdict"] {
  return { ...words, details: [...details], alarm: [...alarm] };
}
