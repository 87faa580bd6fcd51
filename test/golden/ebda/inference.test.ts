// The test pipeline of mmsegmentation against recorded class maps: fitted as OpenCV does it, whole and in windows, logits enlarged
// twice, mirrored and at several scales; by the methods that predict and evaluate run.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { argmaxLabels } from "../../../src-main/engine/images/argmax.ts";
import { decodeImage } from "../../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import { normalize } from "../../../src-main/engine/images/normalize.ts";
import type { RgbImage } from "../../../src-main/engine/images/rgb-image.ts";
import { joinBands } from "../../../src-main/engine/images/score-bands.ts";
import { softmaxInPlace } from "../../../src-main/engine/images/softmax-in-place.ts";
import { runMethod } from "../../../src-main/engine/methods/image-methods.ts";
import { SegmentationModel } from "../../../src-main/engine/methods/shared/segmentation-model.ts";
import { fittedInto, fittedLogits } from "../../../src-main/engine/methods/test-pipeline/predict-fitted.ts";
import { type ImageMethodConfig, imageMethodConfigSchema } from "../../../src-shared/contract/image-methods.ts";
import { type EbdaNetworkCase, ebdaArchitecture, ebdaStateDict } from "../../helpers/ebda-network.ts";
import { EBDA_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { countDiffering, differenceOf, subsampled } from "../../helpers/recorded.ts";
import { onnxRuntime } from "../../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../../helpers/safetensors-fixture.ts";

interface Difference {
  readonly max_abs: number;
}

interface InferenceCase {
  readonly image: string;
  readonly prediction: string;
  readonly scale_wh: readonly [number, number];
  readonly flip: boolean;
  readonly ratios: readonly number[] | null;
  readonly test:
    | { readonly mode: "whole" }
    | {
        readonly mode: "slide";
        readonly crop_size: readonly [number, number];
        readonly stride: readonly [number, number];
      };
  readonly probabilities: string;
  readonly input?: string;
  readonly logits?: string;
  readonly discrepancy: Readonly<
    Record<
      "f64" | "f32_other",
      { readonly logits?: Difference; readonly probabilities: Difference; readonly prediction_pixels: number }
    >
  >;
}

interface PipelineCase {
  readonly inference: EbdaNetworkCase & { readonly tensors: string; readonly cases: readonly InferenceCase[] };
}

const STRIDE = 4;

/** Source: fixtures README, "4. Tolerances": ten times the largest difference seen, at least 1e-4. */
function tolerance(kind: "logits" | "probabilities", { discrepancy: { f64, f32_other } }: InferenceCase): number {
  return Math.max(1e-4, 10 * Math.max(f64[kind]?.max_abs ?? 0, f32_other[kind]?.max_abs ?? 0));
}

describe.each(goldenCases<PipelineCase>(`${EBDA_FIXTURES}E-pipeline`).map((one) => [one.name, one] as const))(
  "E-pipeline %s",
  (_, { folder, json: { inference } }) => {
    const tensors = readFixtureTensors(join(folder, inference.tensors));
    it.each(inference.cases.map((one) => [one.image, one] as const))("%s", async (_name, one) => {
      const model = new SegmentationModel(onnxRuntime, ebdaArchitecture(inference), ebdaStateDict(folder, inference));
      const { numClasses } = model.architecture;
      const image = await decodeImage(join(folder, one.image));
      const [width, height] = one.scale_wh;
      if (one.input !== undefined) {
        const seen = normalize(fittedInto(image, [height, width]));
        expect(differenceOf(seen, tensors(one.input).data).largest).toBeLessThan(1e-6);
      }
      const scores = await scoresOf(model, image, one);
      const sampled = (planes: Float32Array) => subsampled(planes, image.height, image.width, STRIDE);
      if (one.logits !== undefined) {
        const { largest } = differenceOf(sampled(scores), tensors(one.logits).data);
        expect(largest).toBeLessThanOrEqual(tolerance("logits", one));
      }
      const labels = argmaxLabels(scores, numClasses, image.height, image.width);
      if (!hasViews(one)) softmaxInPlace(scores, numClasses);
      const { largest } = differenceOf(sampled(scores), tensors(one.probabilities).data);
      expect(largest).toBeLessThanOrEqual(tolerance("probabilities", one));
      const unsure = Math.max(one.discrepancy.f64.prediction_pixels, one.discrepancy.f32_other.prediction_pixels);
      const expected = await decodeLabelMap(join(folder, one.prediction));
      expect(countDiffering(labels.data, expected.data)).toBeLessThanOrEqual(unsure);
      await model.dispose();
    });
  },
);

function hasViews({ flip, ratios }: InferenceCase): boolean {
  return flip || ratios !== null;
}

/** Logits; of several views probabilities. */
async function scoresOf(model: SegmentationModel, image: RgbImage, one: InferenceCase): Promise<Float32Array> {
  const [width, height] = one.scale_wh;
  const fit = [height, width] as const;
  if (one.test.mode === "slide" && !hasViews(one)) {
    const [rows, columns] = one.test.crop_size;
    const [down, across] = one.test.stride;
    const window = { height: rows, width: columns, overlap: columns - across, rowOverlap: rows - down };
    return fittedLogits(model, fittedInto(image, fit), image, window, {});
  }
  expect(one.test.mode).toBe("whole");
  const views = { scales: one.ratios ?? [1], flips: one.flip, grayscale: false };
  return kept(
    model,
    image,
    imageMethodConfigSchema.parse(hasViews(one) ? { method: "tta", fit, ...views } : { method: "predict", fit }),
  );
}

/** What the method keeps last. */
async function kept(model: SegmentationModel, image: RgbImage, config: ImageMethodConfig): Promise<Float32Array> {
  const size = { numClasses: model.architecture.numClasses, height: image.height, width: image.width };
  let last: Float32Array = new Float32Array();
  await runMethod(model, image, config, {
    keeper: {
      keeps: () => false,
      prediction: async (_iteration, bands) => {
        last = await joinBands(bands, size);
      },
      pseudoLabel: async () => undefined,
    },
  });
  return last;
}
