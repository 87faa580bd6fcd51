// A run that has finished, with the files it keeps: computed here with a tiny model, as the engine would.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { encodeRgbPng } from "../../src-main/engine/images/encode-png.ts";
import { planesOfBands } from "../../src-main/engine/images/prediction-planes.ts";
import type { RgbImage } from "../../src-main/engine/images/rgb-image.ts";
import { predict } from "../../src-main/engine/methods/inference/predict.ts";
import { selfAdapt } from "../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import type { ResultKeeper } from "../../src-main/engine/methods/shared/run-options.ts";
import { testTimeAugmentation } from "../../src-main/engine/methods/test-time-augmentation/test-time-augmentation.ts";
import { createRuntime } from "../../src-main/engine/runtimes/create-runtime.ts";
import type { ExportedRun } from "../../src-shared/contract/export-job.ts";
import {
  type RunConfigForm,
  type RunMethod,
  runConfigFormSchema,
  runSchema,
} from "../../src-shared/contract/workbench/runs.ts";
import { exampleRun } from "./example-run.ts";
import { writeTinyCheckpoint } from "./tiny-checkpoint.ts";
import { blockImage, tinyModel } from "./tiny-model.ts";

export interface FinishedRun extends Omit<ExportedRun, "files"> {
  readonly image: RgbImage;
}

/** @param folder  where image, checkpoint and planes go */
export async function finishedRun(folder: string, method: RunMethod, iterations = 2): Promise<FinishedRun> {
  mkdirSync(folder, { recursive: true });
  const image = blockImage(96, 64);
  const [imagePath, checkpointPath] = [join(folder, "000.png"), join(folder, "tiny.safetensors")];
  writeFileSync(imagePath, await encodeRgbPng(image));
  await writeTinyCheckpoint(checkpointPath);
  const config = runConfigFormSchema.parse({ method, numEpochs: iterations, baseLr: 0.01, threshold: 0.1 });
  const kept: object[] = [];
  const planes = (iteration: number, plane: string): string => join(folder, `${iteration}-${plane}.gz`);
  const keeper: ResultKeeper = {
    keeps: () => true,
    prediction: async (iteration, scores, kind) => {
      const size = { numClasses: 19, height: 64, width: 96 };
      const { labels, confidence, meanConfidence, meanEntropy } = await planesOfBands(scores, kind, size);
      writeFileSync(planes(iteration, "labels"), gzipSync(labels));
      writeFileSync(planes(iteration, "confidence"), gzipSync(confidence));
      kept.push({ iteration, scores: null, meanConfidence, meanEntropy });
    },
    pseudoLabel: async () => undefined,
  };
  const losses = await compute(image, config, keeper);
  const iteration = { adapt: iterations, tta: 1, predict: 0 }[method];
  const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");
  const example = exampleRun({ method });
  const run = runSchema.parse({
    ...example,
    config,
    checkpoint: { ...example.checkpoint, name: "tiny <b>" },
    size: { width: image.width, height: image.height },
    lastLoss: losses.at(-1) ?? null,
    losses,
    kept,
    provenance: { ...example.provenance, checkpointSha256: sha256(checkpointPath), imageSha256: sha256(imagePath) },
  });
  return {
    run,
    image,
    imagePath,
    checkpointPath,
    iteration,
    command: "acclimate adapt '000.png' --checkpoint 'tiny.safetensors'",
    planes: {
      before: planes(0, "labels"),
      labels: planes(iteration, "labels"),
      confidence: planes(iteration, "confidence"),
    },
  };
}

async function compute(image: RgbImage, config: RunConfigForm, keeper: ResultKeeper): Promise<readonly number[]> {
  const runtime = await createRuntime({ runtime: "onnx", provider: "cpu", threads: 1 });
  const model = tinyModel(runtime);
  try {
    if (config.method === "predict") await predict(model, image, { keeper });
    if (config.method === "tta") await testTimeAugmentation(model, image, config, { keeper });
    if (config.method !== "adapt") return [];
    const { losses, weights } = await selfAdapt(model, image, config, { keeper });
    weights.dispose();
    return losses;
  } finally {
    await model.dispose();
    await runtime.dispose();
  }
}
