// Images and labels as the original prepares them; its means of IoU, and the names that its extraction gives.
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { StateDict } from "../../../src-main/engine/checkpoints/state-dict.ts";
import { trainingNetworks } from "../../../src-main/engine/checkpoints/training-networks.ts";
import { input } from "../../../src-main/engine/graph/ops/input.ts";
import { resizeBilinear } from "../../../src-main/engine/graph/ops/resize-bilinear.ts";
import { argmaxLabels } from "../../../src-main/engine/images/argmax.ts";
import { caffePixels } from "../../../src-main/engine/images/caffe-pixels.ts";
import { decodeImage } from "../../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import { meanOf } from "../../../src-main/engine/methods/crots/means.ts";
import { preparedImage, preparedLabels } from "../../../src-main/engine/methods/crots/prepared.ts";
import { addToConfusionMatrix, emptyConfusionMatrix } from "../../../src-main/engine/metrics/confusion-matrix.ts";
import { segmentationScores } from "../../../src-main/engine/metrics/iou.ts";
import { CROTS_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { countDiffering, differenceOf } from "../../helpers/recorded.ts";
import { evaluateNamed, onnxRuntime } from "../../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../../helpers/safetensors-fixture.ts";

interface DataCase {
  readonly cases: readonly {
    readonly image: string;
    readonly label: string;
    readonly size_w_h: readonly [number, number];
    readonly prepared: string;
    readonly prepared_label: string;
    readonly crc32: string;
  }[];
}

describe.each(goldenCases<DataCase>(`${CROTS_FIXTURES}I-data`))("I-data $name", ({ folder, json }) => {
  it.each(json.cases)("$prepared: to the byte", async (one) => {
    const [width, height] = one.size_w_h;
    const image = preparedImage(await decodeImage(folder + one.image), [height, width]);
    expect(countDiffering(image.data, (await decodeImage(folder + one.prepared)).data)).toBe(0);
    const { buffer } = caffePixels(image);
    expect(crc32(new Uint8Array(buffer)).toString(16).padStart(8, "0")).toBe(one.crc32);
    const labels = preparedLabels(await decodeLabelMap(folder + one.label), [height, width]);
    expect(countDiffering(labels.data, (await decodeLabelMap(folder + one.prepared_label)).data)).toBe(0);
  });
});

interface MetricsCase {
  readonly labels: readonly string[];
  readonly logits: string;
  readonly confusion_matrix: readonly (readonly number[])[];
  readonly iou: readonly number[];
  readonly val_miou: number;
  /** Percentages with two decimals: classes, then the mean and those that its names call 16 and 13. */
  readonly record_file: readonly [string, string];
  readonly extract: {
    readonly input_keys: readonly string[];
    readonly output_keys: Readonly<Record<"net" | "ema_net", readonly string[]>>;
  };
}

const CLASSES = 19;

describe.each(goldenCases<MetricsCase>(`${CROTS_FIXTURES}H-metrics`))("H-metrics $name", ({ folder, json }) => {
  const confusion = emptyConfusionMatrix(CLASSES);
  for (const [label, row] of json.confusion_matrix.slice(0, CLASSES).entries()) {
    for (const [predicted, count] of row.slice(0, CLASSES).entries())
      confusion.counts[label * CLASSES + predicted] = count;
  }

  it("counts the recorded confusion matrix from the logits", async () => {
    const tensor = readFixtureTensors(folder + json.logits);
    const found = emptyConfusionMatrix(CLASSES);
    let next = 0;
    // Two validation batches of two images each.
    for (const name of ["logits0", "logits1"]) {
      const { shape, data } = tensor(name);
      const [images = 0] = shape;
      for (let image = 0; image < images; image += 1) {
        const labels = await decodeLabelMap(`${folder}${json.labels[next++]}`);
        const size = [labels.height, labels.width] as const;
        const one = (data as Float32Array).slice((image * data.length) / images, ((image + 1) * data.length) / images);
        const low = { shape: [1, ...shape.slice(1)], data: one };
        const enlarged = resizeBilinear(input("low", low.shape), size, true);
        const { logits } = await evaluateNamed(onnxRuntime, new Map([["low", low]]), { logits: enlarged });
        const predicted = argmaxLabels(logits as Float32Array, CLASSES, ...size);
        addToConfusionMatrix(found, labels.data, predicted.data);
      }
    }
    expect([...found.counts]).toEqual([...confusion.counts]);
  });

  it("has the recorded IoU, and the means as the original's record has them", () => {
    const { iouPerClass } = segmentationScores(confusion);
    expect(differenceOf(iouPerClass, json.iou).largest).toBeLessThan(1e-6);
    expect(100 * meanOf(confusion, "all")).toBeCloseTo(json.val_miou, 4);
    const [mean, mean16, mean13] = json.record_file[1].split(",").slice(-3).map(Number);
    const percent = (which: Parameters<typeof meanOf>[1]) => Math.round(10_000 * meanOf(confusion, which)) / 100;
    expect([percent("all"), percent("16"), percent("13-released")]).toEqual([mean, mean16, mean13]);
    expect(percent("13")).not.toBe(mean13);
  });

  it("gives networks of a checkpoint the names that the original's extraction gives them", () => {
    const { input_keys, output_keys } = json.extract;
    const tensor = { dtype: "float32", shape: [1], data: new Float32Array(1) } as const;
    // What tells such a checkpoint is its classifier, which the made-up keys have not.
    const stateDict: StateDict = new Map([...input_keys, "net.layer5.bias"].map((key) => [key, tensor]));
    const networks = trainingNetworks(stateDict);
    expect(networks?.method).toBe("CROTS");
    expect([...(networks?.student.keys() ?? [])]).toEqual([...output_keys.net, "layer5.bias"]);
    expect([...(networks?.teacher?.keys() ?? [])]).toEqual(output_keys.ema_net);
  });
});
