// Entities of the workbench as tests need them: whole, and different only where the test says so.

import type { ListedItem } from "../../src-main/workspace/dataset-store.ts";
import { newId } from "../../src-main/workspace/new-id.ts";
import { evaluationConfigSchema } from "../../src-shared/contract/evaluation.ts";
import { sourceTrainingConfigSchema } from "../../src-shared/contract/training/source-training.ts";
import { tuningPlanSchema } from "../../src-shared/contract/tuning.ts";
import type { Checkpoint } from "../../src-shared/contract/workbench/checkpoints.ts";
import type { Evaluation } from "../../src-shared/contract/workbench/evaluations.ts";
import type {
  CheckpointId,
  DatasetId,
  EvaluationId,
  ImageId,
  RunId,
  TrainingId,
  TuningId,
} from "../../src-shared/contract/workbench/ids.ts";
import {
  imageRunConfigSchema,
  type KeptIteration,
  machineSchema,
  type Run,
} from "../../src-shared/contract/workbench/runs.ts";
import type { Training } from "../../src-shared/contract/workbench/trainings.ts";
import type { Tuning } from "../../src-shared/contract/workbench/tunings.ts";

export function aRun(different: Partial<Run> = {}): Run {
  return {
    id: newId<RunId>(),
    groupId: null,
    status: "queued",
    method: "adapt",
    config: imageRunConfigSchema.parse({ method: "adapt" }),
    image: { id: newId<ImageId>(), datasetId: newId<DatasetId>(), key: "a.png" },
    checkpoint: { id: "checkpoint1" as CheckpointId, name: "one.pth", numClasses: 3 },
    createdAt: 1000,
    startedAt: null,
    endedAt: null,
    error: null,
    miouBefore: null,
    miouAfter: null,
    miouStored: null,
    lastLoss: null,
    notes: "",
    machine: machineSchema.parse({}),
    size: null,
    losses: [],
    kept: [],
    references: [],
    views: [],
    pseudoLabel: null,
    lastEvent: null,
    provenance: null,
    ...different,
  };
}

/** Kept with the same IoU for each of three classes. */
export function keptAt(iteration: number, miou: number | null, meanEntropy = 0.5): KeptIteration {
  const scores = miou === null ? null : { miou, iou: [miou, miou, miou], miouPresent: miou, present: [0, 1, 2] };
  return { iteration, scores, meanConfidence: 1 - meanEntropy, meanEntropy, figures: null };
}

export function aCheckpoint(different: Partial<Checkpoint> = {}): Checkpoint {
  return {
    id: newId<CheckpointId>(),
    name: "one.pth",
    path: "/checkpoints/one.pth",
    isSample: false,
    isAvailable: true,
    format: "torch",
    sizeBytes: 10,
    sha256: "0".repeat(64),
    arch: "deeplabv1",
    backbone: "resnet50",
    numClasses: 19,
    alpha: 0.1,
    recommended: null,
    recommendedProblem: null,
    problem: null,
    ...different,
  };
}

export function anItem(key: string, different: Partial<ListedItem> = {}): ListedItem {
  return { key, labelPath: null, labelEncoding: null, split: null, tags: [], ...different };
}

export function anEvaluation(different: Partial<Evaluation> = {}): Evaluation {
  return {
    id: newId<EvaluationId>(),
    datasetId: newId<DatasetId>(),
    split: null,
    checkpointId: newId<CheckpointId>(),
    config: evaluationConfigSchema.parse({ method: "adapt" }),
    machine: machineSchema.parse({}),
    name: "",
    status: "queued",
    datasetName: "streets",
    checkpointName: "one.pth",
    numClasses: 19,
    createdAt: 1000,
    startedAt: null,
    endedAt: null,
    error: null,
    done: 0,
    images: null,
    failed: 0,
    miou: null,
    ece: null,
    ...different,
  };
}

export function aTraining(different: Partial<Training> = {}): Training {
  return {
    id: newId<TrainingId>(),
    name: "",
    data: { kind: "sample", count: 8 },
    importanceWeights: null,
    labelFolder: null,
    target: null,
    validation: null,
    initialCheckpointId: null,
    config: sourceTrainingConfigSchema.parse({}),
    machine: machineSchema.parse({}),
    status: "queued",
    isPaused: false,
    createdAt: 1000,
    startedAt: null,
    endedAt: null,
    error: null,
    counted: null,
    step: 0,
    steps: null,
    epoch: 0,
    lastLoss: null,
    learningRate: null,
    imagesPerSecond: null,
    leftMs: null,
    memoryBytes: null,
    bestMiou: null,
    checkpointIds: [],
    ...different,
  };
}

export function aTuning(different: Partial<Tuning> = {}): Tuning {
  return {
    id: newId<TuningId>(),
    imageIds: [newId<ImageId>()],
    checkpointId: newId<CheckpointId>(),
    checkpointName: "one.pth",
    plan: tuningPlanSchema.parse({ start: {}, grid: {}, criterion: "entropy" }),
    machine: machineSchema.parse({}),
    name: "fog/000.png",
    status: "queued",
    createdAt: 1000,
    startedAt: null,
    endedAt: null,
    doneBefore: 0,
    error: null,
    result: null,
    ...different,
  };
}
