// From the records of the images to the figures of the whole: the same records give the same figures, in whatever order and
// from however many parts they come.
import type { DomainFigures, EvaluatedImage, EvaluationSummary } from "../../../src-shared/contract/evaluation.ts";
import type { UnknownLabels } from "../../../src-shared/contract/unknown-labels.ts";
import { UnknownTally } from "../datasets/unknown-labels.ts";
import { type Calibration, calibrationScores, emptyCalibration } from "../metrics/calibration.ts";
import { emptyConfusionMatrix } from "../metrics/confusion-matrix.ts";
import { segmentationScores } from "../metrics/iou.ts";
import { numberOrNull, scoresFrom } from "../metrics/score-labels.ts";

/**
 * Sums run over the images in the order of their keys: sums of fractions depend on the order, and so parts that are
 * joined give bit for bit what the whole gives.
 */
export function summarizeEvaluation(
  records: readonly EvaluatedImage[],
  numClasses: number,
  failed: number,
): EvaluationSummary {
  const images = records.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const labelled = images.filter(({ confusion }) => confusion !== null);
  const perImage = images.map((record) => imageFigures(record, numClasses));
  const unknownLabels = unknownLabelsOf(images);
  return {
    images: images.length,
    labelled: labelled.length,
    failed,
    numClasses,
    ...(unknownLabels === null ? {} : { unknownLabels }),
    pooled: pooled(labelled, numClasses),
    meanImageMiou: meanOf(perImage.map(({ miou }) => miou)),
    calibration: calibrationOf(labelled, numClasses),
    entropy: pixelMean(images, ({ entropy }) => entropy),
    confidence: pixelMean(images, ({ confidence }) => confidence),
    overlapAgreement: meanOf(images.map(({ overlapAgreement }) => overlapAgreement)),
    domains: domainsOf(images, numClasses),
    perImage,
  };
}

function unknownLabelsOf(images: readonly EvaluatedImage[]): UnknownLabels | null {
  const tally = new UnknownTally();
  for (const { size, unknownLabels } of images) {
    if (unknownLabels === undefined) continue;
    const { file: path, values: unknown } = unknownLabels;
    tally.add({ path, encoding: "trainIds", unknown, pixels: size.width * size.height });
  }
  return tally.total;
}

export type ImageFigures = EvaluationSummary["perImage"][number];

/** Of one image; its IoU is null without labels. */
export function imageFigures(
  { key, confusion, entropy, confidence }: EvaluatedImage,
  numClasses: number,
): ImageFigures {
  return { key, ...imageIou(confusion, numClasses), entropy, confidence };
}

function domainsOf(images: readonly EvaluatedImage[], numClasses: number): DomainFigures[] {
  const named = images.filter(({ domain }) => domain !== null);
  const groups = Map.groupBy(named, ({ domain }) => domain ?? "");
  return [...groups]
    .map(([name, members]) => {
      const labelled = members.filter(({ confusion }) => confusion !== null);
      const { miou = null, iou = imageIou(null, numClasses).iou } = pooled(labelled, numClasses) ?? {};
      const meanImageMiou = meanOf(labelled.map(({ confusion }) => imageIou(confusion, numClasses).miou));
      return { name, images: members.length, labelled: labelled.length, miou, iou, meanImageMiou };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function pooled(labelled: readonly EvaluatedImage[], numClasses: number): EvaluationSummary["pooled"] {
  if (labelled.length === 0) return null;
  const matrix = emptyConfusionMatrix(numClasses);
  for (const { confusion } of labelled) addInPlace(matrix.counts, confusion ?? []);
  const scores = segmentationScores(matrix);
  return {
    miou: numberOrNull(scores.meanIou),
    iou: [...scores.iouPerClass].map(numberOrNull),
    overallAccuracy: numberOrNull(scores.overallAccuracy),
    meanAccuracy: numberOrNull(scores.meanAccuracy),
    frequencyWeightedIou: numberOrNull(scores.frequencyWeightedIou),
    confusion: [...matrix.counts],
  };
}

function imageIou(confusion: readonly number[] | null, numClasses: number) {
  if (confusion === null) return { miou: null, iou: Array.from({ length: numClasses }, () => null) };
  const { miou, iou } = scoresFrom({ numClasses, counts: Float64Array.from(confusion) });
  return { miou, iou };
}

function calibrationOf(labelled: readonly EvaluatedImage[], numClasses: number): EvaluationSummary["calibration"] {
  const sums: Calibration = emptyCalibration(numClasses);
  const measured = labelled.map(({ calibration }) => calibration).filter((calibration) => calibration !== null);
  if (measured.length === 0) return null;
  for (const image of measured) addCalibrationSums(sums, image);
  const { ece, ecePerClass, reliability } = calibrationScores(sums);
  return {
    ece,
    ecePerClass: [...ecePerClass],
    reliability: { accuracy: [...reliability.accuracy], confidence: [...reliability.confidence] },
  };
}

export function addCalibrationSums(sums: Calibration, image: NonNullable<EvaluatedImage["calibration"]>): void {
  addInPlace(sums.pixels, image.pixels);
  addInPlace(sums.weightedErrors, image.weightedErrors);
  addInPlace(sums.correctSums, image.correctSums);
  addInPlace(sums.confidenceSums, image.confidenceSums);
}

export function addInPlace(sums: Float64Array, values: readonly number[]): void {
  for (const [i, value] of values.entries()) sums[i] = (sums[i] ?? 0) + value;
}

function pixelMean(images: readonly EvaluatedImage[], figureOf: (image: EvaluatedImage) => number): number | null {
  let sum = 0;
  let pixels = 0;
  for (const image of images) {
    const area = image.size.width * image.size.height;
    sum += figureOf(image) * area;
    pixels += area;
  }
  return pixels === 0 ? null : sum / pixels;
}

function meanOf(values: readonly (number | null)[]): number | null {
  const numbers = values.filter((value) => value !== null);
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
