// Folders of evaluations that a test makes up.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { openEvaluationFolder, recordsPath } from "../../src-main/engine/evaluation/evaluation-folder.ts";
import { RecordsWriter } from "../../src-main/engine/evaluation/records-file.ts";
import { predictionPath } from "../../src-main/engine/evaluation/write-submission.ts";
import { encodeLabelPng } from "../../src-main/engine/images/encode-png.ts";
import { evaluationConfigSchema } from "../../src-shared/contract/evaluation.ts";
import { temporaryFolder } from "./pictures.ts";

export interface Prediction {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly trainId: number;
}

/** The folder of a finished evaluation whose predictions have one class each. */
export async function evaluationOf(predictions: readonly Prediction[], images = predictions.length): Promise<string> {
  const folder = temporaryFolder();
  await openEvaluationFolder(folder, {
    acclimate: "0.1.0",
    checkpoint: {
      path: "model.safetensors",
      format: "safetensors",
      sizeBytes: 1,
      sha256: "0".repeat(64),
      arch: "deeplab",
      backbone: "resnet50",
      numClasses: 19,
      alpha: 0.1,
    },
    runtime: { name: "onnx", provider: "cpu", threads: 1, version: "1", note: "" },
    config: evaluationConfigSchema.parse({ method: "adapt" }),
    dataset: { path: "/data", layout: "cityscapes", split: "test", images },
    shard: { index: 1, count: 1 },
  });
  const writer = await RecordsWriter.open(recordsPath(folder));
  for (const { key, width, height, trainId } of predictions) {
    await writer.append({
      key,
      domain: null,
      size: { width, height },
      confusion: null,
      calibration: null,
      entropy: 0,
      confidence: 1,
      losses: [],
      overlapAgreement: null,
      milliseconds: 1,
    });
    const path = predictionPath(folder, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await encodeLabelPng({ width, height, data: new Uint8Array(width * height).fill(trainId) }));
  }
  await writer.close();
  return folder;
}
