// Windows change nothing where a network sees only what lies near: stitching is exact, for every method.
import { describe, expect, it } from "vitest";
import { argmaxLabels } from "../../../../../src-main/engine/images/argmax.ts";
import { planesOfBands } from "../../../../../src-main/engine/images/prediction-planes.ts";
import { joinBands, type ScoreBands } from "../../../../../src-main/engine/images/score-bands.ts";
import { runMethod } from "../../../../../src-main/engine/methods/image-methods.ts";
import { predict } from "../../../../../src-main/engine/methods/inference/predict.ts";
import { selfAdapt } from "../../../../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import type { ResultKeeper } from "../../../../../src-main/engine/methods/shared/run-options.ts";
import type { SegmentationModel } from "../../../../../src-main/engine/methods/shared/segmentation-model.ts";
import { windowGrid } from "../../../../../src-main/engine/methods/sliding-window/window-grid.ts";
import { testTimeAugmentation } from "../../../../../src-main/engine/methods/test-time-augmentation/test-time-augmentation.ts";
import { adaptationConfigSchema } from "../../../../../src-shared/contract/adaptation-config.ts";
import type { EvaluationParameters } from "../../../../../src-shared/contract/evaluation.ts";
import { imageMethodConfigSchema } from "../../../../../src-shared/contract/image-methods.ts";
import type { RunEvent } from "../../../../../src-shared/contract/run-events.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { FIELD_RADIUS, SMALL_CLASSES, smallFieldModel } from "../../../../helpers/small-field-model.ts";
import { blockImage, tinyModel } from "../../../../helpers/tiny-model.ts";
import "../../../../helpers/to-be-all-close.ts";

const model = smallFieldModel(onnxRuntime);
const image = blockImage(75, 61);
const CLOSE = { absolute: 2e-4, relative: 1e-5 };

interface Kept {
  readonly scores: Map<number, Float32Array>;
  readonly events: RunEvent[];
}

async function run(used: SegmentationModel, change: Partial<EvaluationParameters>, picture = image): Promise<Kept> {
  const kept: Kept = { scores: new Map(), events: [] };
  const size = { numClasses: used.architecture.numClasses, height: picture.height, width: picture.width };
  const keeper: ResultKeeper = {
    keeps: (iteration) => iteration === 0,
    prediction: async (iteration, bands) => {
      kept.scores.set(iteration, await joinBands(bands, size));
    },
    pseudoLabel: async () => undefined,
  };
  const config = imageMethodConfigSchema.parse({ method: "predict", ...change });
  const onEvent = (event: RunEvent) => kept.events.push(event);
  (await runMethod(used, picture, config, { keeper, onEvent })).weights?.dispose();
  return kept;
}

/** Whether no window's inner edge is so near that the network would see it. */
function isInterior(window: { height: number; width: number; overlap: number }): (pixel: number) => boolean {
  const grid = windowGrid(image, window);
  const isFar = (place: number, starts: readonly number[], length: number, of: number): boolean =>
    starts.every((start) => {
      if (place < start || place >= start + length) return true;
      const [before, behind] = [place - start, start + length - 1 - place];
      return (start === 0 || before >= FIELD_RADIUS) && (start + length === of || behind >= FIELD_RADIUS);
    });
  return (pixel) =>
    isFar(Math.floor(pixel / image.width), grid.tops, grid.height, image.height) &&
    isFar(pixel % image.width, grid.lefts, grid.width, image.width);
}

describe("a network whose receptive field fits into the overlap", () => {
  it.each([
    [32, 32, 16],
    [24, 40, 9],
    [61, 31, 8],
  ])("predicts in windows of %i x %i with an overlap of %i as it does at once", async (height, width, overlap) => {
    const whole = (await predict(model, image)).scores;
    const slid = (await run(model, { window: [height, width], overlap })).scores.get(0) ?? new Float32Array();
    const interior = isInterior({ height, width, overlap });
    const pixels = image.width * image.height;
    const inside = [...whole.keys()].filter((i) => interior(i % pixels));
    // Most of the image: a strip on both sides of each inner edge is left out.
    expect(inside.length / whole.length).toBeGreaterThan(0.3);
    const at = (scores: Float32Array) => inside.map((i) => scores[i] ?? Number.NaN);
    expect(at(slid)).toBeAllClose(at(whole), CLOSE);
    const labels = (scores: Float32Array) => argmaxLabels(scores, SMALL_CLASSES, image.height, image.width).data;
    const [expected, found] = [labels(whole), labels(slid)];
    expect(expected.filter((label, pixel) => interior(pixel) && label !== found[pixel])).toEqual(new Uint8Array());
  });

  it("tells every window, and how far the windows agree", async () => {
    const { events } = await run(model, { window: [32, 32], overlap: 16 });
    const windows = events.filter(({ type }) => type === "windowFinished");
    // Four columns and three rows.
    expect(windows).toEqual(Array.from({ length: 12 }, (_, index) => ({ type: "windowFinished", index, windows: 12 })));
    expect(events.at(-1)?.type).toBe("predictionFinished");
  });
});

describe("planes of a prediction in windows", () => {
  it("are those of all scores at once, with the agreement of the windows", async () => {
    const config = imageMethodConfigSchema.parse({ method: "predict", window: [32, 32], overlap: 16 });
    const size = { numClasses: SMALL_CLASSES, height: image.height, width: image.width };
    const collect = async <Result>(take: (bands: ScoreBands) => Promise<Result>): Promise<Result> => {
      const results: Result[] = [];
      const keeper: ResultKeeper = {
        keeps: () => true,
        prediction: async (_iteration, bands) => void results.push(await take(bands)),
        pseudoLabel: async () => undefined,
      };
      await runMethod(model, image, config, { keeper });
      return results[0] as Result; // one prediction
    };
    const scores = await collect((bands) => joinBands(bands, size));
    const { overlapAgreement, ...planes } = await collect((bands) => planesOfBands(bands, "logits", size));
    const whole = await planesOfBands([{ top: 0, height: image.height, scores }], "logits", size);
    expect({ ...planes, overlapAgreement: null }).toEqual(whole);
    expect(overlapAgreement).toBeGreaterThan(0.5);
    expect(overlapAgreement).toBeLessThan(1);
  });
});

describe("a window as large as the image", () => {
  const window = { window: [64, 96], overlap: 16 };
  const tiny = tinyModel(onnxRuntime);
  const picture = blockImage(96, 64);

  it("is plain inference", async () => {
    const { scores } = await run(tiny, window, picture);
    expect(scores.get(0)).toBeAllClose((await predict(tiny, picture)).scores, CLOSE);
  });

  it("is test-time augmentation, view by view", async () => {
    const views = { scales: [0.5, 1, 1.25], flips: true, grayscale: true };
    const large = { window: [128, 128], overlap: 16 };
    const { scores, events } = await run(tiny, { ...large, ...views, method: "tta" }, picture);
    expect(scores.get(1)).toBeAllClose((await testTimeAugmentation(tiny, picture, views)).scores, {
      absolute: 2e-5,
      relative: 1e-4,
    });
    expect(scores.get(0)).toBeAllClose((await predict(tiny, picture)).scores, CLOSE);
    // One of the unadapted prediction, one of each view.
    expect(events.filter(({ type }) => type === "windowFinished")).toHaveLength(7);
  });

  it("is self-adaptation", async () => {
    const change = { numEpochs: 2, threshold: 0.3, baseLr: 0.01 };
    const { scores } = await run(tiny, { ...window, ...change, method: "adapt" }, picture);
    const { prediction, weights } = await selfAdapt(tiny, picture, adaptationConfigSchema.parse(change));
    weights.dispose();
    expect(scores.get(2)).toBeAllClose(prediction.scores, CLOSE);
    expect([...scores.keys()]).toEqual([0, 2]);
  });
});

describe("test-time augmentation in windows", () => {
  it("of probabilities sums to 1 at every pixel, at sizes that do not divide", async () => {
    const change = { window: [20, 28], overlap: 6, scales: [0.4, 1.1], method: "tta" as const };
    const scores = (await run(model, change)).scores.get(1) ?? new Float32Array();
    const pixels = image.width * image.height;
    const sums = Array.from({ length: pixels }, (_, pixel) => {
      let sum = 0;
      for (let k = 0; k < SMALL_CLASSES; k++) sum += scores[k * pixels + pixel] ?? 0;
      return sum;
    });
    expect(sums).toBeAllClose(new Float32Array(pixels).fill(1), { absolute: 1e-5, relative: 0 });
  });
});
