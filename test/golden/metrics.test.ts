// Metrics and label tables against what the original program computed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addToCalibration, calibrationScores, emptyCalibration } from "../../src-main/engine/metrics/calibration.ts";
import { addToConfusionMatrix, emptyConfusionMatrix } from "../../src-main/engine/metrics/confusion-matrix.ts";
import { segmentationScores } from "../../src-main/engine/metrics/iou.ts";
import { LABEL_ENCODINGS, labelIdToTrainId } from "../../src-shared/labels/label-id-to-train-id.ts";
import { FIXTURES } from "../helpers/fixtures-root.ts";
import { readFixtureTensors } from "../helpers/safetensors-fixture.ts";

const FOLDER = join(FIXTURES, "D-metrics");

interface SegmentationCase {
  readonly name: string;
  readonly num_classes: number;
  readonly images: number;
  readonly confusion_matrix: readonly (readonly number[])[];
  readonly class_iou: readonly (number | string)[];
  readonly mean_iou: number;
  readonly overall_acc: number;
  readonly mean_acc: number;
  readonly freqw_acc: number;
}

interface CalibrationCase {
  readonly name: string;
  readonly num_classes: number;
  readonly images: number;
  readonly overall_ece: number;
  readonly ece_sum_per_class: readonly number[];
  readonly pixels_per_class: readonly number[];
  readonly ece_per_class: readonly number[];
  readonly correct_sum_per_class_and_bin: readonly (readonly number[])[];
  readonly score_sum_per_class_and_bin: readonly (readonly number[])[];
  readonly overall_corrects: readonly number[];
  readonly overall_scores: readonly number[];
}

const CASE: {
  readonly cases: readonly SegmentationCase[];
  readonly calibration: readonly CalibrationCase[];
  readonly label_id_to_train_id: { readonly tables: Readonly<Record<string, readonly number[]>> };
} = JSON.parse(readFileSync(join(FOLDER, "case.json"), "utf8"));
const tensor = readFixtureTensors(join(FOLDER, "tensors.safetensors"));

/** JSON has no NaN; the fixtures write it as a word. */
const numbers = (values: readonly (number | string)[]): number[] => values.map(Number);

function bytes(name: string): Uint8Array {
  const { data } = tensor(name);
  if (!(data instanceof Uint8Array)) throw new Error(`"${name}" is not uint8`);
  return data;
}

function floats(name: string): Float32Array {
  const { data } = tensor(name);
  if (!(data instanceof Float32Array)) throw new Error(`"${name}" is not float32`);
  return data;
}

/** The original sums in float32 (24 bits); ours in float64. */
const FLOAT32_SUM_TOLERANCE = 2e-6;

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  const worst = Math.max(
    ...expected.map((value, i) => Math.abs(Number(actual[i]) - value) / Math.max(1, Math.abs(value))),
  );
  expect(worst).toBeLessThan(FLOAT32_SUM_TOLERANCE);
}

describe("confusion matrix, IoU and accuracies equal the original's", () => {
  it.each(CASE.cases)("$name", (recorded) => {
    const matrix = emptyConfusionMatrix(recorded.num_classes);
    for (let i = 0; i < recorded.images; i++) {
      addToConfusionMatrix(matrix, bytes(`${recorded.name}.gt${i}`), bytes(`${recorded.name}.pred${i}`));
    }
    expect([...matrix.counts]).toEqual(recorded.confusion_matrix.flat());
    const scores = segmentationScores(matrix);
    expect([...scores.iouPerClass]).toEqual(numbers(recorded.class_iou));
    expect(scores.meanIou).toBeCloseTo(recorded.mean_iou, 14);
    expect(scores.overallAccuracy).toBeCloseTo(recorded.overall_acc, 14);
    expect(scores.meanAccuracy).toBeCloseTo(recorded.mean_acc, 14);
    expect(scores.frequencyWeightedIou).toBeCloseTo(recorded.freqw_acc, 14);
  });
});

describe("calibration equals the original's, with all its sums", () => {
  it.each(CASE.calibration)("$name", (recorded) => {
    const calibration = emptyCalibration(recorded.num_classes);
    for (let i = 0; i < recorded.images; i++) {
      addToCalibration(calibration, floats(`${recorded.name}.logits${i}`), bytes(`${recorded.name}.gt${i}`));
    }
    expect([...calibration.pixels]).toEqual(recorded.pixels_per_class);
    expectClose(calibration.weightedErrors, recorded.ece_sum_per_class);
    expectClose(calibration.correctSums, recorded.correct_sum_per_class_and_bin.flat());
    expectClose(calibration.confidenceSums, recorded.score_sum_per_class_and_bin.flat());
    const scores = calibrationScores(calibration);
    expectClose([scores.ece], [recorded.overall_ece]);
    expectClose(scores.ecePerClass, recorded.ece_per_class);
    expectClose(scores.reliability.accuracy, recorded.overall_corrects);
    expectClose(scores.reliability.confidence, recorded.overall_scores);
  });
});

describe("label ids become the original's train ids", () => {
  it.each(Object.entries(CASE.label_id_to_train_id.tables))("%s", (pair, expected) => {
    const [source, target] = pair.split("->");
    const encoding = LABEL_ENCODINGS.find((known) => known === target);
    if (encoding === undefined) throw new Error(`no encoding for "${target}"`);
    expect([...labelIdToTrainId(encoding, source === "gta" ? 19 : 16)]).toEqual(expected);
  });
});
