// A model with the generated weights that the recorded cases were made with.
import { readFileSync } from "node:fs";
import { readSafetensors } from "../../src-main/engine/checkpoints/safetensors/read-safetensors.ts";
import { type StateDict, toFloat32 } from "../../src-main/engine/checkpoints/state-dict.ts";
import { SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import type { Architecture } from "../../src-main/engine/models/architecture.ts";
import { deepLabOf, deepLabV3PlusOf } from "../../src-main/engine/models/detect-architecture.ts";
import { hrnet } from "../../src-main/engine/models/hrnet.ts";
import type { Runtime } from "../../src-main/engine/runtimes/runtime.ts";
import { FIXTURES } from "./fixtures-root.ts";
import { generateStateDict } from "./generated-weights.ts";

export interface GoldenModelCase {
  readonly arch: string;
  /** null of an HRNet. */
  readonly backbone: string | null;
  readonly num_classes: number;
  readonly weights: { seed: number; head_gain: number; res_gain: number; fuse_gain: number; conv_gain: number };
  readonly alpha?: number;
  readonly bn_stats: string | null;
}

/** Reads a `case.json`, where infinities and NaN are strings. */
export function readCase<T>(folder: string): T {
  return JSON.parse(readFileSync(`${FIXTURES}${folder}/case.json`, "utf8")) as T;
}

/** The original's architecture of this name. */
export function goldenArchitecture({ arch, backbone, num_classes: numClasses }: GoldenModelCase): Architecture {
  if (arch === "hrnet18") return hrnet({ width: 18, stemWidth: 64, numClasses });
  const of = arch === "deeplabv3plus" ? deepLabV3PlusOf : deepLabOf;
  return of(backbone ?? "", numClasses, 64);
}

/** The recorded case's network and what it begins with. */
export async function goldenWeights(
  folder: string,
  testCase: GoldenModelCase,
  alpha: number,
): Promise<{ readonly architecture: Architecture; readonly start: StateDict }> {
  const architecture = goldenArchitecture(testCase);
  const statistics =
    testCase.bn_stats === null ? undefined : await batchNormStatistics(`${FIXTURES}${folder}/${testCase.bn_stats}`);
  return { architecture, start: generateStateDict(architecture.keys, testCase.weights, alpha, statistics) };
}

export async function goldenModel(
  runtime: Runtime,
  folder: string,
  testCase: GoldenModelCase,
  alpha: number,
): Promise<SegmentationModel> {
  const { architecture, start } = await goldenWeights(folder, testCase, alpha);
  return new SegmentationModel(runtime, architecture, start);
}

async function batchNormStatistics(path: string): Promise<Map<string, Float32Array>> {
  const { tensors } = await readSafetensors(path);
  return new Map([...tensors].map(([key, tensor]) => [key, toFloat32(tensor)]));
}
