// One setting on one image: a single adaptation, looked at after several of its iterations.
import type { AdaptationConfig } from "../../../../src-shared/contract/adaptation-config.ts";
import type { Trial, TrialIteration } from "../../../../src-shared/contract/tuning.ts";
import { argmaxLabels } from "../../images/argmax.ts";
import { flipHorizontal, flipLabelsHorizontal } from "../../images/flip-horizontal.ts";
import { predictionFigures } from "../../images/prediction-figures.ts";
import { predictionPlanes } from "../../images/prediction-planes.ts";
import { resizeBilinear } from "../../images/resize-bilinear.ts";
import { resizeNearest } from "../../images/resize-nearest.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";
import { joinBands } from "../../images/score-bands.ts";
import { type PredictOther, selfAdapt } from "../../methods/self-adaptation/self-adapt.ts";
import type { SegmentationModel } from "../../methods/shared/segmentation-model.ts";
import { confusionOf } from "../../metrics/score-labels.ts";
import { entropyFigures } from "../../metrics/tuning-criteria/information-maximization.ts";
import { labelAgreement } from "../../metrics/tuning-criteria/label-agreement.ts";
import { nuclearNorm } from "../../metrics/tuning-criteria/nuclear-norm.ts";
import { sampledProbabilities, thinned } from "../../metrics/tuning-criteria/sampled-probabilities.ts";
import { softNeighborhoodDensity } from "../../metrics/tuning-criteria/soft-neighborhood-density.ts";

export interface TrialImage {
  readonly image: RgbImage;
  /** uint8 [H, W], train ids; null without. */
  readonly labels: LabelMap | null;
}

export interface TrialOptions {
  /** Iterations that are looked at, besides the first and the last. */
  readonly looksAt: (iteration: number) => boolean;
  /** Whether views are predicted too: two passes more for each look. */
  readonly withViews: boolean;
  readonly signal?: AbortSignal;
}

export type TrialResult = Pick<Trial, "iterations" | "losses" | "pseudoLabel">;

/** Enough for means over an image; the similarities of all pairs are taken of fewer. */
const SAMPLED_PIXELS = 16_384;
const PAIRED_PIXELS = 1024;
/** No pseudo-label is made of a coloured mirror image at full size, nor of this scale in the published recipe. */
const HELD_OUT_SCALE = 0.8;

/**
 * @returns  one entry an iteration that was looked at, in order, that of iteration 0 first
 * @throws AppError `method.diverged`, `image.size`; CancelledError
 */
export async function runTrial(
  model: SegmentationModel,
  { image, labels }: TrialImage,
  config: AdaptationConfig,
  { looksAt, withViews, signal }: TrialOptions,
): Promise<TrialResult> {
  const { numClasses } = model.architecture;
  const { width, height } = image;
  const looks: { iteration: TrialIteration; predicted: LabelMap }[] = [];
  const losses: number[] = [];
  let perClass: number[] | null = null;
  const { weights } = await selfAdapt(model, image, config, {
    ...(signal === undefined ? {} : { signal }),
    onEvent: (event) => {
      if (event.type === "iterationFinished") losses.push(event.loss);
      if (event.type === "pseudoLabelFinished") perClass = event.perClass;
    },
    keeper: {
      keeps: (iteration) => iteration === 0 || looksAt(iteration),
      prediction: async (iteration, bands, kind) => {
        const scores = await joinBands(bands, { numClasses, height, width });
        const planes = predictionPlanes(scores, kind, numClasses, height, width);
        const sample = sampledProbabilities(scores, kind, numClasses, { width, height, maxPixels: SAMPLED_PIXELS });
        const { mean, marginal } = entropyFigures(sample);
        const figures = {
          entropy: planes.meanEntropy,
          informationMaximization: mean - marginal,
          nuclearNorm: nuclearNorm(sample),
          softNeighborhoodDensity: softNeighborhoodDensity(thinned(sample, PAIRED_PIXELS)),
          viewAgreement: null,
        };
        const confusion = labels === null ? null : [...confusionOf(labels.data, planes.labels, numClasses).counts];
        const { meanConfidence: confidence, labels: data } = planes;
        const { classPixels, saturated } = predictionFigures(planes, numClasses, { unadapted: null, views: null });
        const loss = losses[iteration - 1] ?? null;
        looks.push({
          iteration: { iteration, loss, figures, confidence, classPixels, saturated, confusion },
          predicted: { width, height, data },
        });
      },
      pseudoLabel: async () => undefined,
    },
    onKept: async (_iteration, predictOther) => {
      const last = looks.at(-1);
      if (!withViews || last === undefined) return;
      const { figures } = last.iteration;
      const viewAgreement = await agreementOfViews(image, last.predicted, numClasses, predictOther);
      last.iteration = { ...last.iteration, figures: { ...figures, viewAgreement } };
    },
  });
  weights.dispose();
  return { iterations: looks.map(({ iteration }) => iteration), losses, pseudoLabel: perClass };
}

/** Mean agreement of a mirrored and a smaller view, each brought back to the image, with the prediction. */
async function agreementOfViews(
  image: RgbImage,
  predicted: LabelMap,
  numClasses: number,
  predictOther: PredictOther,
): Promise<number> {
  const { width, height } = image;
  const smaller = resizeBilinear(
    image,
    Math.max(1, Math.round(HELD_OUT_SCALE * width)),
    Math.max(1, Math.round(HELD_OUT_SCALE * height)),
  );
  const mirroredLabels = argmaxLabels(await predictOther(flipHorizontal(image)), numClasses, height, width);
  const smallerLabels = argmaxLabels(await predictOther(smaller), numClasses, smaller.height, smaller.width);
  const views = [flipLabelsHorizontal(mirroredLabels), resizeNearest(smallerLabels, width, height)];
  const agreements = views.map(({ data }) => labelAgreement(predicted.data, data, numClasses));
  return agreements.reduce((sum, agreement) => sum + agreement, 0) / agreements.length;
}
