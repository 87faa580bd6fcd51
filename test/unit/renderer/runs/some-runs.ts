// Runs for tests: a finished adaptation with what a test cares about put in its place.
import type { Scores } from "../../../../src-shared/contract/results.ts";
import {
  checkpointIdSchema,
  datasetIdSchema,
  imageIdSchema,
  runIdSchema,
} from "../../../../src-shared/contract/workbench/ids.ts";
import {
  type KeptIteration,
  type RunConfigForm,
  type RunSummary,
  runConfigFormSchema,
} from "../../../../src-shared/contract/workbench/runs.ts";

export function runId(name: string) {
  return runIdSchema.parse(`run${name}`.padEnd(8, "0"));
}

export function imageId(name: string) {
  return imageIdSchema.parse(`image${name}`.padEnd(8, "0"));
}

export function someConfig(change: Partial<RunConfigForm> = {}): RunConfigForm {
  return { ...runConfigFormSchema.parse({}), ...change };
}

export function someRun(name: string, change: Partial<RunSummary> = {}): RunSummary {
  const config = change.config ?? someConfig();
  return {
    id: runId(name),
    groupId: null,
    status: "finished",
    method: config.method,
    config,
    image: { id: imageId("a"), datasetId: datasetIdSchema.parse("dataset0"), key: "a.png" },
    checkpoint: { id: checkpointIdSchema.parse("checkpoint0"), name: "Network", numClasses: 19 },
    createdAt: 1,
    startedAt: 10,
    endedAt: 30,
    error: null,
    miouBefore: 0.4,
    miouAfter: 0.5,
    miouStored: null,
    lastLoss: 0.2,
    notes: "",
    ...change,
  };
}

export function someKept(iteration: number, meanEntropy: number, miou: number | null = null): KeptIteration {
  return {
    iteration,
    scores: miou === null ? null : someScores(miou),
    meanConfidence: 1 - meanEntropy,
    meanEntropy,
    figures: null,
  };
}

export function someScores(miou: number | null, iou: Scores["iou"] = []): Scores {
  return { miou, iou, miouPresent: miou, present: [] };
}
