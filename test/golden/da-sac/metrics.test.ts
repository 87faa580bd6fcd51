// Jaccard scores, label conversion and result files against the original's.
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  CONVERTED_DATASETS,
  type ConvertedDataset,
  convertedLabels,
  convertLabelFile,
} from "../../../src-main/engine/datasets/convert-labels.ts";
import { argmaxLabels } from "../../../src-main/engine/images/argmax.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import { maskNames } from "../../../src-main/engine/methods/da-sac/importance-weights.ts";
import { addToConfusionMatrix, emptyConfusionMatrix } from "../../../src-main/engine/metrics/confusion-matrix.ts";
import { jaccardScores } from "../../../src-main/engine/metrics/jaccard.ts";
import { cityscapesIdFromTrainId } from "../../../src-shared/labels/label-id-to-train-id.ts";
import { DA_SAC_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { differenceOf } from "../../helpers/recorded.ts";
import { readFixtureTensors } from "../../helpers/safetensors-fixture.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

type Means = readonly [iou: number, precision: number, recall: number];

interface MetricsCase {
  readonly tp: readonly number[];
  readonly fp: readonly number[];
  readonly fn: readonly number[];
  readonly iou: readonly number[];
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly mean_19: Means;
  readonly mean_without_9_14_16: Means;
  readonly label_conversion: readonly {
    readonly dataset: ConvertedDataset;
    readonly input: string;
    readonly output: string;
    readonly input_name: string;
    readonly output_names: readonly string[];
  }[];
  readonly inference: {
    readonly logits: string;
    readonly train_ids: string;
    readonly label_ids: string;
    readonly label_id_of_255: number;
    readonly name: string;
  };
}

/** Recorded in float32. */
const TOLERANCE = 1e-6;

describe.each(goldenCases<MetricsCase>(`${DA_SAC_FIXTURES}H-metrics`).map((golden) => [golden.name, golden] as const))(
  "metrics %s",
  (_, { folder, json }) => {
    const numClasses = json.tp.length;

    async function confusion() {
      const matrix = emptyConfusionMatrix(numClasses);
      const pairs = readdirSync(folder).filter((name) => /^prediction\d+\.png$/.test(name));
      expect(pairs.length).toBeGreaterThan(0);
      for (const name of pairs) {
        const predictions = await decodeLabelMap(join(folder, name));
        const labels = await decodeLabelMap(join(folder, name.replace("prediction", "ground_truth")));
        addToConfusionMatrix(matrix, labels.data, predictions.data);
      }
      return matrix;
    }

    test("counts of hits, wrong and missed pixels", async () => {
      const { counts } = await confusion();
      const at = (label: number, prediction: number) => counts[label * numClasses + prediction] ?? 0;
      const classes = json.tp.map((_tp, id) => id);
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      expect(classes.map((id) => at(id, id))).toEqual(json.tp);
      expect(classes.map((id) => sum(classes.map((label) => (label === id ? 0 : at(label, id)))))).toEqual(json.fp);
      expect(classes.map((id) => sum(classes.map((found) => (found === id ? 0 : at(id, found)))))).toEqual(json.fn);
    });

    test("scores of each class, and their means with and without ignored classes", async () => {
      const matrix = await confusion();
      const scores = jaccardScores(matrix);
      for (const name of ["iou", "precision", "recall"] as const) {
        expect(differenceOf(scores[name], json[name]).largest, name).toBeLessThan(TOLERANCE);
      }
      const meansOf = ({ meanIou, meanPrecision, meanRecall }: typeof scores) => [meanIou, meanPrecision, meanRecall];
      expect(differenceOf(meansOf(scores), json.mean_19).largest).toBeLessThan(TOLERANCE);
      const some = jaccardScores(matrix, [9, 14, 16]);
      expect(differenceOf(meansOf(some), json.mean_without_9_14_16).largest).toBeLessThan(TOLERANCE);
    });

    test.each(json.label_conversion.map((each) => [each.dataset, each] as const))(
      "labels of %s",
      async (dataset, each) => {
        const [input, output] = [temporaryFolder(), temporaryFolder()];
        const path = join(input, each.input_name);
        mkdirSync(dirname(path), { recursive: true });
        copyFileSync(join(folder, each.input), path);
        expect(await convertLabelFile(path, input, output, dataset)).not.toBeNull();
        const files = readdirSync(output, { recursive: true, encoding: "utf8" }).filter((name) =>
          name.endsWith(".png"),
        );
        expect(files).toEqual(each.output_names);
        const found = await decodeLabelMap(join(output, files[0] ?? ""));
        expect(found).toEqual(await decodeLabelMap(join(folder, each.output)));
      },
    );

    test("result files: train ids, the lower of tied classes; label ids; the name", async () => {
      const { logits, train_ids: trainIds, label_ids: labelIds, name, label_id_of_255: ignored } = json.inference;
      const { shape, data } = readFixtureTensors(join(folder, logits))("logits");
      const [classes = 0, height = 0, width = 0] = shape;
      const found = argmaxLabels(data as Float32Array, classes, height, width);
      expect(found).toEqual(await decodeLabelMap(join(folder, trainIds)));
      const idOfTrainId = cityscapesIdFromTrainId(classes);
      const ids = found.data.map((trainId) => idOfTrainId[trainId] ?? 0);
      expect([...ids]).toEqual([...(await decodeLabelMap(join(folder, labelIds))).data]);
      expect(idOfTrainId[255]).toBe(ignored);
      const image = `val/frankfurt/${name.replace("_gtFine_labelIds", "_leftImg8bit")}.png`;
      expect(maskNames([image])).toEqual([`${name}.png`]);
    });
  },
);

test.each(CONVERTED_DATASETS)("%s: an image without a known id is left out", async (dataset) => {
  const image = (...ids: number[]) => ({ width: ids.length, height: 1, data: Uint8Array.from(ids) });
  expect(convertedLabels(image(255, 200), dataset)).toBeNull();
  // Id 0 is in the tables of Cityscapes and GTA5, but not in SYNTHIA's.
  expect(convertedLabels(image(0, 0), dataset)?.data ?? null).toEqual(
    dataset === "synthia" ? null : Uint8Array.of(255, 255),
  );
});
