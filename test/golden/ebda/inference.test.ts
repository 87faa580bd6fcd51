// The test pipeline of DAFormer against recorded class maps: fitted as OpenCV does it, logits enlarged twice, whole images in one view.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { argmaxLabels } from "../../../src-main/engine/images/argmax.ts";
import { decodeImage } from "../../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import { keepRatioSize, resizeBilinearOpenCv } from "../../../src-main/engine/images/resize-opencv.ts";
import { SegmentationModel } from "../../../src-main/engine/methods/shared/segmentation-model.ts";
import { type EbdaNetworkCase, ebdaArchitecture, ebdaStateDict } from "../../helpers/ebda-network.ts";
import { EBDA_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { countDiffering, differenceOf, subsampled } from "../../helpers/recorded.ts";
import { onnxRuntime } from "../../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../../helpers/safetensors-fixture.ts";

interface InferenceCase {
  readonly image: string;
  readonly prediction: string;
  readonly scale_wh: readonly [number, number];
  readonly views: readonly object[];
  readonly test: { readonly mode: string };
  readonly input?: string;
  readonly logits?: string;
}

interface PipelineCase {
  readonly inference: EbdaNetworkCase & { readonly tensors: string; readonly cases: readonly InferenceCase[] };
}

const STRIDE = 4;

describe.each(goldenCases<PipelineCase>(`${EBDA_FIXTURES}E-pipeline`).map((one) => [one.name, one] as const))(
  "E-pipeline %s",
  (_, { folder, json: { inference } }) => {
    const tensors = readFixtureTensors(join(folder, inference.tensors));
    const cases = inference.cases.filter(({ test, views }) => test.mode === "whole" && views.length === 1);
    it.each(cases.map((one) => [one.image, one] as const))("%s", async (_name, one) => {
      const model = new SegmentationModel(onnxRuntime, ebdaArchitecture(inference), ebdaStateDict(folder, inference));
      const image = await decodeImage(join(folder, one.image));
      const [width, height] = one.scale_wh;
      const fitted = resizeBilinearOpenCv(image, keepRatioSize(image, { width, height }));
      const input = model.upload(fitted);
      if (one.input !== undefined) {
        expect(differenceOf(Float32Array.from(await input.read()), tensors(one.input).data).largest).toBeLessThan(1e-6);
      }
      const low = await model.logits(input);
      const enlarged = await model.enlarge(low, [fitted.height, fitted.width], [image.height, image.width]);
      const logits = Float32Array.from(await enlarged.read());
      if (one.logits !== undefined) {
        const found = subsampled(logits, image.height, image.width, STRIDE);
        // Source: fixtures README, "4. Tolerances": ten times the largest difference seen.
        expect(differenceOf(found, tensors(one.logits).data).largest).toBeLessThan(6e-4);
      }
      const { numClasses } = model.architecture;
      const expected = await decodeLabelMap(join(folder, one.prediction));
      expect(countDiffering(argmaxLabels(logits, numClasses, image.height, image.width).data, expected.data)).toBe(0);
      for (const tensor of [input, low, enlarged]) tensor.dispose();
      await model.dispose();
    });
  },
);
