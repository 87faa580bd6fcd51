// Self-adaptation on every runtime: the same numbers, and no tensor left behind.
import { describe, expect, it } from "vitest";
import { selfAdapt } from "../../../../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import type { Runtime } from "../../../../../src-main/engine/runtimes/runtime.ts";
import { adaptationConfigSchema } from "../../../../../src-shared/contract/adaptation-config.ts";
import { CancelledError } from "../../../../../src-shared/contract/errors.ts";
import type { RunEvent } from "../../../../../src-shared/contract/run-events.ts";
import { loadedTfjs, onnxRuntime, tfjsRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { blockImage, copied, tinyModel } from "../../../../helpers/tiny-model.ts";
import { TOLERANCES } from "../../../../helpers/tolerances.ts";
import "../../../../helpers/to-be-all-close.ts";

const image = blockImage(32, 32);
// Small steps: large ones amplify rounding beyond what a comparison of runtimes should allow.
const config = adaptationConfigSchema.parse({ numEpochs: 2, threshold: 0.5, scales: [0.5], baseLr: 0.005 });

async function adaptOn(runtime: Runtime) {
  const model = tinyModel(runtime);
  const { weights, ...numbers } = await selfAdapt(model, image, config);
  const tensors = await copied(weights.tensors);
  weights.dispose();
  await model.dispose();
  return { ...numbers, tensors };
}

describe("both runtimes", () => {
  it("adapt alike", async () => {
    const onnx = await adaptOn(onnxRuntime);
    const tfjs = await adaptOn(tfjsRuntime);
    expect(tfjs.pseudoLabel.labels).toEqual(onnx.pseudoLabel.labels);
    expect(tfjs.losses).toBeAllClose(onnx.losses, TOLERANCES.gradients);
    expect(tfjs.prediction.scores).toBeAllClose(onnx.prediction.scores, TOLERANCES.gradients);
    for (const [key, data] of onnx.tensors) {
      expect(tfjs.tensors.get(key), key).toBeAllClose(data, TOLERANCES.gradients);
    }
  });
});

describe("tensors on TensorFlow.js", () => {
  const countTensors = () => loadedTfjs.tf.memory().numTensors;

  it("are all freed after an adaptation", async () => {
    const before = countTensors();
    await adaptOn(tfjsRuntime);
    expect(countTensors()).toBe(before);
  });

  it("are all freed when the run ends between iterations", async () => {
    const before = countTensors();
    const model = tinyModel(tfjsRuntime);
    const controller = new AbortController();
    const onEvent = ({ type }: RunEvent) => {
      if (type === "iterationFinished") controller.abort();
    };
    await expect(selfAdapt(model, image, config, { onEvent, signal: controller.signal })).rejects.toThrow(
      CancelledError,
    );
    await model.dispose();
    expect(countTensors()).toBe(before);
  });
});
