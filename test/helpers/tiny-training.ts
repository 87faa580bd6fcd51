// A training run small enough for tests: two classes that a tiny network tells apart, and a store in memory.

import type { LabelledImages } from "../../src-main/engine/datasets/labelled-images.ts";
import { sourceTraining } from "../../src-main/engine/methods/source-training/method.ts";
import type { Runtime } from "../../src-main/engine/runtimes/runtime.ts";
import type {
  CheckpointKind,
  TrainedCheckpoint,
  TrainingState,
  TrainingStore,
} from "../../src-main/engine/training/training-store.ts";
import {
  type SourceTrainingConfig,
  sourceTrainingConfigSchema,
} from "../../src-shared/contract/training/source-training.ts";
import type { TrainingEvent } from "../../src-shared/contract/training/training-events.ts";

/** The task of source training on these images. */
export function sourceTask(config: SourceTrainingConfig, data: LabelledImages, runtime: Runtime) {
  return { runtime, method: sourceTraining, config, data: { source: data } };
}

export const tinyConfig = sourceTrainingConfigSchema.parse({
  backboneName: "resnet18",
  width: 4,
  numClasses: 2,
  alpha: 0.1,
  baseLr: 0.02,
  numEpochs: 4,
  batchSize: 2,
  cropSize: [32, 32],
  validationStart: 2,
  seed: 1,
});

/** Dark above, bright below. */
export const horizon: LabelledImages = {
  count: 5,
  read: (index: number) => {
    const isBelow = (i: number) => Math.floor(i / 64) > 16 + 4 * index;
    const labels = Uint8Array.from({ length: 64 * 48 }, (_, i) => (isBelow(i) ? 1 : 0));
    const data = Uint8Array.from({ length: 3 * labels.length }, (_, i) => (labels[Math.floor(i / 3)] === 1 ? 220 : 30));
    return Promise.resolve({
      image: { width: 64, height: 48, data },
      labels: { width: 64, height: 48, data: labels },
    });
  },
};

export interface MemoryStore extends TrainingStore {
  readonly checkpoints: [CheckpointKind, TrainedCheckpoint][];
  readonly states: TrainingState[];
  /** The newest checkpoint of a kind. */
  newest(kind: CheckpointKind): TrainedCheckpoint;
}

export function memoryStore(): MemoryStore {
  const checkpoints: [CheckpointKind, TrainedCheckpoint][] = [];
  const states: TrainingState[] = [];
  return {
    checkpoints,
    states,
    newest: (kind) => {
      const found = checkpoints.findLast(([saved]) => saved === kind);
      if (found === undefined) throw new Error(`no checkpoint "${kind}"`);
      return found[1];
    },
    saveCheckpoint: (kind, checkpoint) => Promise.resolve(void checkpoints.push([kind, checkpoint])),
    saveState: (state) => Promise.resolve(void states.push(structuredClone(state))),
    removeState: () => Promise.resolve(void states.splice(0)),
  };
}

export function lossesOf(events: readonly TrainingEvent[]): number[] {
  return events.flatMap((event) => (event.type === "trainingStepFinished" ? [event.metrics.loss] : []));
}
