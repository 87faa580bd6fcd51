// Where a training run keeps what it has: checkpoints to use, and the state to go on from.
import { rm } from "node:fs/promises";
import { format, parse } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { LoopConfig } from "../../../src-shared/contract/training/loop-config.ts";
import { type TrainingConfig, trainingConfigSchema } from "../../../src-shared/contract/training/training-config.ts";
import type { Variant } from "../../../src-shared/contract/training/variant-score.ts";
import { requireNumbers } from "../checkpoints/no-numbers.ts";
import { readSafetensors } from "../checkpoints/safetensors/read-safetensors.ts";
import { writeSafetensors } from "../checkpoints/safetensors/write-safetensors.ts";
import type { StateDict } from "../checkpoints/state-dict.ts";
import type { TrainingMethod } from "./training-method.ts";
import { type TrainingProgress, trainingProgressSchema } from "./training-progress.ts";

/** Weights that can be used, and how they came about. */
export interface TrainedCheckpoint {
  /** Finished epochs. */
  readonly epoch: number;
  readonly variant: Variant;
  /** Mean IoU on the validation images, 0..1; null where they were not asked. */
  readonly miou: number | null;
  readonly stateDict: StateDict;
}

/** All that a run needs to go on as if it had never stopped. */
export interface TrainingState {
  readonly config: TrainingConfig;
  readonly progress: TrainingProgress;
  /** What `NetworkState.snapshot` gives. */
  readonly tensors: StateDict;
}

/** "variant": the best weights of one of several variants; "best": of all; "last": those after the last epoch. */
export type CheckpointKind = "variant" | "best" | "last";

export interface TrainingStore {
  saveCheckpoint(kind: CheckpointKind, checkpoint: TrainedCheckpoint): Promise<void>;
  saveState(state: TrainingState): Promise<void>;
  /** The run has come to its end: there is nothing to go on with. */
  removeState(): Promise<void>;
}

/** Carries out what writes a file: at once, or when there is room for it. */
export type Writing = (write: () => Promise<void>) => Promise<void>;

/** The files of a run whose best weights go to `output`. */
export function trainingFiles(output: string) {
  const { dir, name, ext } = parse(output);
  const beside = (ending: string): string => format({ dir, name: `${name}-${ending}`, ext });
  return {
    best: output,
    last: beside("last"),
    state: beside("state"),
    /** NAME-alpha-0.1 and NAME-alpha-0.0, as in the names of source training's original program; NAME-teacher. */
    variant: ({ name: variant, value }: Variant): string => {
      if (value === null) return beside(variant);
      return beside(`${variant}-${Number.isInteger(value) ? value.toFixed(1) : value}`);
    },
  };
}

/**
 * Keeps everything as .safetensors beside `output`. Each file is whole or the one before: a crash in the middle of writing
 * loses nothing.
 *
 * @param metadata  written into every checkpoint, beside configuration and scores
 */
export function fileStore(
  output: string,
  config: TrainingConfig,
  metadata: Readonly<Record<string, string>>,
  write: Writing = (act) => act(),
): TrainingStore {
  const files = trainingFiles(output);
  return {
    saveCheckpoint: async (kind, { epoch, variant, miou, stateDict }) => {
      const path = kind === "variant" ? files.variant(variant) : files[kind];
      const scored: Record<string, string> = miou === null ? {} : { miou: String(miou) };
      const { name, value } = variant;
      const described = value === null ? { variant: name } : { [name]: String(value) };
      const written = { ...metadata, config: JSON.stringify(config), epochs: String(epoch), ...described };
      await write(() => writeSafetensors(path, stateDict, { ...written, ...scored }));
    },
    saveState: async ({ progress, tensors }) => {
      const written = { ...metadata, config: JSON.stringify(config), progress: JSON.stringify(progress) };
      await write(() => writeSafetensors(files.state, tensors, written));
    },
    removeState: () => rm(files.state, { force: true }),
  };
}

/**
 * @param methodOf  of the configuration in the file
 * @throws AppError those of reading a checkpoint; `checkpoint.format` when the file is no state of a training run
 */
export async function readTrainingState(
  path: string,
  methodOf: (config: TrainingConfig) => Pick<TrainingMethod, "upgradeProgress">,
): Promise<TrainingState> {
  const { tensors, metadata } = await readSafetensors(path);
  const config = trainingConfigSchema.safeParse(parsedJson(metadata.config));
  const kept = parsedJson(metadata.progress);
  const upgraded = config.success ? (methodOf(config.data).upgradeProgress?.(kept) ?? kept) : null;
  const progress = trainingProgressSchema.safeParse(upgraded);
  if (config.success && progress.success) {
    requireNumbers(tensors, path);
    return { config: config.data, progress: progress.data, tensors };
  }
  throw new AppError(
    "checkpoint.format",
    `"${path}" is no state of a training run that this version of Acclimate can go on from; start anew.`,
  );
}

/** What changes nothing about the weights. */
const HARMLESS: readonly string[] = ["saveStep", "previewStep"] satisfies (keyof LoopConfig)[];

/** @throws AppError `input.option` naming what is configured differently, when a run cannot go on with this configuration */
export function requireSameConfig(state: TrainingState, config: TrainingConfig, source: string): void {
  const before: Readonly<Record<string, unknown>> = state.config;
  for (const [name, value] of Object.entries(config)) {
    const [was, is] = [before[name], value].map((part) => JSON.stringify(part));
    if (was === is || HARMLESS.includes(name)) continue;
    throw new AppError(
      "input.option",
      `"${source}" is of a run whose ${name} is ${was}, not ${is}; go on with the same options, or start anew.`,
    );
  }
}

function parsedJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
