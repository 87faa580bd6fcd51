// The sample that ships: images and labels are what the generator makes of its seed, the checkpoint fits the engine, and what
// it recommends helps.
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { argmaxLabels } from "../../src-main/engine/images/argmax.ts";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import { predict } from "../../src-main/engine/methods/inference/predict.ts";
import { selfAdapt } from "../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import { SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import { addToConfusionMatrix, emptyConfusionMatrix } from "../../src-main/engine/metrics/confusion-matrix.ts";
import { segmentationScores } from "../../src-main/engine/metrics/iou.ts";
import { detectArchitecture } from "../../src-main/engine/models/detect-architecture.ts";
import { loadCheckpoint } from "../../src-main/engine/models/load-checkpoint.ts";
import { keyProblems } from "../../src-main/engine/models/match-state-dict.ts";
import { createRuntime } from "../../src-main/engine/runtimes/create-runtime.ts";
import { renderSampleScene, SAMPLE_DOMAINS } from "../../src-main/engine/sample/render-sample-scene.ts";
import { recommendedIn } from "../../src-shared/contract/recommended-parameters.ts";

const FOLDER = fileURLToPath(new URL("../../resources/sample/", import.meta.url));
const CHECKPOINT = `${FOLDER}checkpoint.safetensors`;
/** Of the shipped images; the checkpoint was trained on seed 1. */
const SEED = 7;

describe("the shipped sample", () => {
  it.each(SAMPLE_DOMAINS)("image and labels of the first %s scene are what the generator draws", async (domain) => {
    const { image, labels } = renderSampleScene({ seed: SEED, index: 0, domain, width: 512, height: 256 });
    const shipped = await decodeImage(`${FOLDER}${domain}/images/000.png`);
    expect(Buffer.compare(shipped.data, image.data)).toBe(0);
    expect((await decodeLabelMap(`${FOLDER}${domain}/labels/000.png`)).data).toEqual(labels.data);
  });

  it("has a checkpoint below 8 MB that fits its architecture", async () => {
    const { stateDict, sizeBytes } = await loadCheckpoint(CHECKPOINT);
    const architecture = detectArchitecture(stateDict, CHECKPOINT);
    expect([architecture.backbone, architecture.numClasses]).toEqual(["resnet18", 19]);
    expect(keyProblems(stateDict, architecture)).toEqual([]);
    expect(sizeBytes).toBeLessThan(8e6);
  });

  it("has a checkpoint whose metadata recommends parameters and names no folder of the machine that made it", async () => {
    const { metadata } = await loadCheckpoint(CHECKPOINT);
    const { foundOn, parameters } = recommendedIn(metadata, CHECKPOINT) ?? {};
    expect(foundOn).toContain("seed 8");
    expect(parameters?.numEpochs).toBeGreaterThan(0);
    expect(JSON.stringify(metadata)).not.toMatch(/"\/|[A-Z]:\\/);
  });

  it("recommends parameters with which adapting beats plain inference in fog, at night and in rain", async () => {
    const { stateDict, metadata } = await loadCheckpoint(CHECKPOINT);
    const parameters = recommendedIn(metadata, CHECKPOINT)?.parameters;
    if (parameters === undefined) throw new Error("the checkpoint recommends nothing");
    const runtime = await createRuntime({ runtime: "onnx", provider: "cpu", threads: undefined });
    const model = new SegmentationModel(runtime, detectArchitecture(stateDict, CHECKPOINT), stateDict);
    const { numClasses } = model.architecture;
    const gains: number[] = [];
    for (const domain of SAMPLE_DOMAINS.slice(1)) {
      const image = await decodeImage(`${FOLDER}${domain}/images/000.png`);
      const labels = await decodeLabelMap(`${FOLDER}${domain}/labels/000.png`);
      const score = (scores: Float32Array): number => {
        const confusion = emptyConfusionMatrix(numClasses);
        addToConfusionMatrix(confusion, labels.data, argmaxLabels(scores, numClasses, image.height, image.width).data);
        return segmentationScores(confusion).meanIou;
      };
      const plain = score((await predict(model, image)).scores);
      const { prediction, weights } = await selfAdapt(model, image, parameters);
      weights.dispose();
      gains.push(score(prediction.scores) - plain);
    }
    await model.dispose();
    await runtime.dispose();
    expect(gains.reduce((sum, gain) => sum + gain, 0) / gains.length).toBeGreaterThan(0.01);
  });
});
