// An image above the size limit, against the original: its resize, and an HRNet's predictions in its own size.
import { beforeAll, describe, expect, it } from "vitest";
import { graphOf } from "../../src-main/engine/graph/graph.ts";
import { at } from "../../src-main/engine/graph/node.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import { resizeBilinear } from "../../src-main/engine/graph/ops/resize-bilinear.ts";
import { argmaxLabels } from "../../src-main/engine/images/argmax.ts";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import { limitSize } from "../../src-main/engine/images/limit-size.ts";
import type { RgbImage } from "../../src-main/engine/images/rgb-image.ts";
import { floats, predict } from "../../src-main/engine/methods/inference/predict.ts";
import { selfAdapt } from "../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import { outputOf, type SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import { testTimeAugmentation } from "../../src-main/engine/methods/test-time-augmentation/test-time-augmentation.ts";
import { adaptationConfigSchema, viewsConfigSchema } from "../../src-shared/contract/adaptation-config.ts";
import { closestRounding } from "../helpers/closest-rounding.ts";
import { FIXTURES } from "../helpers/fixtures-root.ts";
import { type GoldenModelCase, goldenModel, readCase } from "../helpers/golden-model.ts";
import { countDiffering, differenceOf, subsampled } from "../helpers/recorded.ts";
import { onnxRuntime } from "../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../helpers/safetensors-fixture.ts";

const FOLDER = "I-size-limit";

interface RecordedRun {
  readonly mode: "only-inf" | "tta" | "adapt";
  readonly iterations: number | null;
  readonly lr: number | null;
  readonly losses: readonly number[];
  readonly prediction: string;
  readonly suggested_tolerance: {
    readonly output_max_abs: number;
    readonly output_rms: number;
    readonly argmax_pixels_differing: number;
    readonly loss_abs: readonly number[];
  };
}

interface SizeLimitCase extends GoldenModelCase {
  readonly alpha: number;
  readonly runs: readonly RecordedRun[];
  readonly tensors: Readonly<Record<string, { readonly shape: readonly number[] }>>;
  readonly image: string;
  readonly resized: string;
  readonly image_size_wh: readonly [number, number];
  readonly size_limit_hw: readonly [number, number];
}

describe("an image above the size limit", () => {
  const golden = readCase<SizeLimitCase>(FOLDER);
  const [height, width] = golden.size_limit_hw;

  it("becomes exactly as large as the limit, with the original's pixels", async () => {
    const image = await decodeImage(`${FIXTURES}${FOLDER}/${golden.image}`);
    expect([image.width, image.height]).toEqual(golden.image_size_wh);
    expect(limitSize(image, { width, height })).toEqual(await decodeImage(`${FIXTURES}${FOLDER}/${golden.resized}`));
  });

  it("stays as it is when its area is just the limit's", async () => {
    const image = await decodeImage(`${FIXTURES}${FOLDER}/${golden.image}`);
    expect(limitSize(image, { width: image.height, height: image.width })).toBe(image);
  });
});

describe("predictions of an image above the size limit", () => {
  const golden = readCase<SizeLimitCase>(FOLDER);
  const recorded = readFixtureTensors(`${FIXTURES}${FOLDER}/tensors.safetensors`);
  const [width, height] = golden.image_size_wh;
  let model: SegmentationModel;
  let limited: RgbImage;

  beforeAll(async () => {
    model = await goldenModel(onnxRuntime, FOLDER, golden, golden.alpha);
    limited = await decodeImage(`${FIXTURES}${FOLDER}/${golden.resized}`);
  });

  interface Computed {
    /** At the image's own size. */
    readonly scores: Float32Array;
    readonly losses: readonly number[];
  }

  async function compute({ mode, iterations, lr }: RecordedRun): Promise<Computed> {
    if (mode === "only-inf") return { scores: await atNativeSize((await predict(model, limited)).scores), losses: [] };
    if (mode === "tta") {
      const { scores } = await testTimeAugmentation(model, limited, viewsConfigSchema.parse({}));
      return { scores: await atNativeSize(scores), losses: [] };
    }
    const config = adaptationConfigSchema.parse({ numEpochs: iterations, baseLr: lr });
    const { prediction, losses, weights } = await selfAdapt(model, limited, config);
    weights.dispose();
    return { scores: await atNativeSize(prediction.scores), losses };
  }

  async function atNativeSize(scores: Float32Array): Promise<Float32Array> {
    const shape = [1, golden.num_classes, limited.height, limited.width];
    const graph = graphOf({ native: resizeBilinear(input("scores", shape), [height, width], false) });
    const program = await onnxRuntime.compile(graph);
    const outputs = await program.run(new Map([["scores", onnxRuntime.upload(scores, shape)]]));
    const native = await floats(outputOf(outputs, "native"));
    await program.dispose();
    return native;
  }

  /** The record keeps every fourth number of a row, and every fourth row. */
  function differences({ mode }: RecordedRun, { scores }: Computed): { largest: number; rms: number } {
    const { data } = recorded(`${mode.replace("-", "_")}.output_stride4`);
    return differenceOf(subsampled(scores, height, width, 4), data);
  }

  function isWithinLimits(run: RecordedRun, computed: Computed): boolean {
    const { suggested_tolerance: tolerance } = run;
    const { largest, rms } = differences(run, computed);
    const areLossesClose = run.losses.every(
      (loss, k) => Math.abs(at(computed.losses, k) - loss) < at(tolerance.loss_abs, k),
    );
    return areLossesClose && largest < tolerance.output_max_abs && rms < tolerance.output_rms;
  }

  it.each(golden.runs)("$mode", async (run) => {
    const { suggested_tolerance: tolerance } = run;
    const computed = await closestRounding(
      model,
      () => compute(run),
      (found) => isWithinLimits(run, found),
    );
    const { largest, rms } = differences(run, computed);
    expect(largest).toBeLessThan(tolerance.output_max_abs);
    expect(rms).toBeLessThan(tolerance.output_rms);
    expect(computed.losses).toHaveLength(run.losses.length);
    for (const [k, loss] of run.losses.entries()) {
      expect(Math.abs(at(computed.losses, k) - loss), `loss ${k}`).toBeLessThan(at(tolerance.loss_abs, k));
    }
    const predicted = argmaxLabels(computed.scores, golden.num_classes, height, width).data;
    const { data } = await decodeLabelMap(`${FIXTURES}${FOLDER}/${run.prediction}`);
    expect(countDiffering(predicted, data)).toBeLessThanOrEqual(tolerance.argmax_pixels_differing);
  });
});
