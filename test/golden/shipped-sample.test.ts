// The sample that ships: images and labels are what the generator makes of its seed, and the checkpoint fits the engine.
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadCheckpoint } from "../../src-main/engine/checkpoints/load-checkpoint.ts";
import { renderSampleScene, SAMPLE_DOMAINS } from "../../src-main/engine/datasets/sample/render-sample-scene.ts";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import { detectArchitecture } from "../../src-main/engine/models/detect-architecture.ts";
import { keyProblems } from "../../src-main/engine/models/match-state-dict.ts";

const FOLDER = fileURLToPath(new URL("../../resources/sample/", import.meta.url));
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
    const path = `${FOLDER}checkpoint.safetensors`;
    const { stateDict, sizeBytes } = await loadCheckpoint(path);
    const architecture = detectArchitecture(stateDict, path);
    expect([architecture.backbone, architecture.numClasses]).toEqual(["resnet18", 19]);
    expect(keyProblems(stateDict, architecture)).toEqual([]);
    expect(sizeBytes).toBeLessThan(8e6);
  });
});
