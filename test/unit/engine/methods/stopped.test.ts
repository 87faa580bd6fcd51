// Whoever stops a method in the middle, or whose image it refuses, leaves no tensor behind.
import { afterAll, beforeEach, expect, it } from "vitest";
import type { StateTensor } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import { predict } from "../../../../src-main/engine/methods/inference/predict.ts";
import { selfAdapt } from "../../../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import type { ResultKeeper } from "../../../../src-main/engine/methods/shared/run-options.ts";
import { SegmentationModel } from "../../../../src-main/engine/methods/shared/segmentation-model.ts";
import { testTimeAugmentation } from "../../../../src-main/engine/methods/test-time-augmentation/test-time-augmentation.ts";
import { deepLabOf } from "../../../../src-main/engine/models/detect-architecture.ts";
import { adaptationConfigSchema } from "../../../../src-shared/contract/adaptation-config.ts";
import { CancelledError } from "../../../../src-shared/contract/errors.ts";
import { CountingRuntime } from "../../../helpers/counting-runtime.ts";
import { onnxRuntime } from "../../../helpers/runtimes-under-test.ts";
import { tinyStateDict } from "../../../helpers/tiny-checkpoint.ts";
import { blockImage } from "../../../helpers/tiny-model.ts";

const image = blockImage(64, 64);
const config = adaptationConfigSchema.parse({ numEpochs: 2, scales: [1] });
const runtime = new CountingRuntime(onnxRuntime);
const architecture = deepLabOf("resnet18", 19, 8);
const sound = new SegmentationModel(runtime, architecture, tinyStateDict());

/** Of a class's logits it makes infinity at some pixels. */
function overflowing(): SegmentationModel {
  const stateDict = new Map(tinyStateDict());
  const { shape, data } = stateDict.get("cls_head.weight") as StateTensor;
  stateDict.set("cls_head.weight", { dtype: "float32", shape, data: new Float32Array(data.length).fill(3e38) });
  return new SegmentationModel(runtime, architecture, stateDict);
}
const broken = overflowing();
afterAll(async () => {
  await sound.dispose();
  await broken.dispose();
  expect(runtime.alive).toBe(0);
});

let alive = 0;
beforeEach(() => {
  alive = runtime.alive;
});

const keeper: ResultKeeper = {
  keeps: () => true,
  prediction: () => Promise.resolve(),
  pseudoLabel: () => Promise.resolve(),
};

/** Aborted when it is asked for the n-th time. */
function stopping(n: number): AbortSignal {
  let asked = 0;
  return {
    get aborted() {
      asked += 1;
      return asked >= n;
    },
  } as AbortSignal; // all that methods ask of it between their steps
}

const METHODS: readonly [string, (model: SegmentationModel, signal: AbortSignal) => Promise<unknown>][] = [
  ["prediction", (model, signal) => predict(model, image, { signal })],
  ["test-time augmentation", (model, signal) => testTimeAugmentation(model, image, config, { signal })],
  ["kept test-time augmentation", (model, signal) => testTimeAugmentation(model, image, config, { signal, keeper })],
  ["self-adaptation", (model, signal) => selfAdapt(model, image, config, { signal, keeper })],
];

it.each(METHODS)("%s that is stopped", async (_, run) => {
  for (const n of [1, 2, 3, 4, 5]) {
    const error = await run(sound, stopping(n)).then(
      (result) => {
        (result as { weights?: { dispose(): void } }).weights?.dispose();
        return null;
      },
      (reason: unknown) => reason,
    );
    if (error !== null) expect(error).toBeInstanceOf(CancelledError);
    expect(runtime.alive).toBe(alive);
  }
});

it.each(METHODS)("%s of weights that make no numbers", async (_, run) => {
  await expect(run(broken, stopping(100))).rejects.toMatchObject({ code: "method.diverged" });
  expect(runtime.alive).toBe(alive);
});
