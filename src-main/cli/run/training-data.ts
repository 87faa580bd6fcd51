// Opens what `train` learns from and validates on.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { TrainingConfig } from "../../../src-shared/contract/training-config.ts";
import type { DatasetReport } from "../../engine/datasets/dataset-report.ts";
import type { LabelledImages } from "../../engine/datasets/labelled-images.ts";
import { type DataSource, openDataSource } from "../../engine/methods/source-training/data-source.ts";
import type { TrainingFlags } from "../options/training-options.ts";

/** Sample scenes to validate on: those that follow the training scenes. */
const SAMPLE_VALIDATION_COUNT = 8;
const SAMPLE_SIZE = { width: 512, height: 256 } as const;

export interface TrainingData {
  readonly training: LabelledImages;
  /** The same for other threads. */
  readonly source: DataSource;
  readonly validation: LabelledImages | undefined;
  /** What made it, for the checkpoint's metadata. */
  readonly description: Readonly<Record<string, unknown>>;
}

/**
 * @param report  hears what was left out of the data sets
 * @throws AppError `input.option` when it is not clear what to train on, and those of the data sets
 */
export async function openTrainingData(
  flags: TrainingFlags,
  config: TrainingConfig,
  report: DatasetReport,
): Promise<TrainingData> {
  const { sample, count, datasetRoot, valDatasetRoot } = flags;
  if (sample === (datasetRoot !== undefined)) {
    throw new AppError("input.option", "Say what to train on: either --sample or --dataset-root FOLDER.");
  }
  const { numClasses, seed } = config;
  const folder = (root: string, split: string): DataSource => ({ kind: "folder", root, numClasses, split });
  const scenes = { kind: "sample", seed, domain: "clear", ...SAMPLE_SIZE } as const;
  const source = datasetRoot === undefined ? { ...scenes, first: 0, count } : folder(datasetRoot, "train");
  const following = { ...scenes, first: count, count: SAMPLE_VALIDATION_COUNT };
  const others = valDatasetRoot === undefined ? undefined : folder(valDatasetRoot, "val");
  const validated = others ?? (sample ? following : undefined);
  return {
    training: await openDataSource(source, report),
    source,
    validation: validated === undefined ? undefined : await openDataSource(validated, report),
    description: { training: source, ...(validated === undefined ? {} : { validation: validated }) },
  };
}
