// Opens what a training learns from and validates on.
import type { TrainingConfig } from "../../../../src-shared/contract/training-config.ts";
import type { DatasetReport } from "../../datasets/dataset-report.ts";
import type { LabelledImages } from "../../datasets/labelled-images.ts";
import { type DataSource, openDataSource } from "./data-source.ts";

const SAMPLE_SIZE = { width: 512, height: 256 } as const;

/** Labelled images as somebody asks for them. */
export type DataChoice =
  /** Scenes of the built-in generator on a clear day, with the seed of the training. */
  | { readonly kind: "sample"; readonly count: number }
  /** Split: of a data set that has it; null: all images. */
  | { readonly kind: "folder"; readonly root: string; readonly split: string | null };

export interface TrainingData {
  readonly training: LabelledImages;
  /** The same for other threads. */
  readonly source: DataSource;
  readonly validation: LabelledImages | undefined;
  /** What made it, folders included: for whoever trains. */
  readonly description: Readonly<Record<string, unknown>>;
  /** The same for the checkpoint's metadata, which may go anywhere: it names no folder of this machine. */
  readonly provenance: Readonly<Record<string, unknown>>;
}

export interface TrainingDataOptions {
  /** Hears what was left out of the data sets. */
  readonly report: DatasetReport;
  /** Whether files that links lead out of a data set's folder to are refused, or followed. */
  readonly contained: boolean;
}

/**
 * @param validation  null: nothing is validated; of the sample: the scenes that follow those of the training
 * @throws AppError those of the data sets
 */
export async function openTrainingData(
  training: DataChoice,
  validation: DataChoice | null,
  config: TrainingConfig,
  { report, contained }: TrainingDataOptions,
): Promise<TrainingData> {
  const source = sourceOf(training, config, contained, 0);
  const first = training.kind === "sample" ? training.count : 0;
  const validated = validation === null ? null : sourceOf(validation, config, contained, first);
  const images = await openDataSource(source, report);
  const validationImages = validated === null ? undefined : await openDataSource(validated, report);
  return {
    training: images,
    source,
    validation: validationImages,
    description: { training: source, ...(validated === null ? {} : { validation: validated }) },
    provenance: {
      training: withoutFolder(source, images.count),
      ...(validated === null ? {} : { validation: withoutFolder(validated, validationImages?.count ?? 0) }),
    },
  };
}

/** What can be said of the images without saying where they lie: of a folder, how many they are. */
function withoutFolder(source: DataSource, images: number): Readonly<Record<string, unknown>> {
  if (source.kind === "sample") return { ...source };
  return { kind: source.kind, split: source.split, images };
}

function sourceOf(
  choice: DataChoice,
  { numClasses, seed }: TrainingConfig,
  contained: boolean,
  first: number,
): DataSource {
  if (choice.kind === "sample") {
    return { kind: "sample", seed, domain: "clear", ...SAMPLE_SIZE, first, count: choice.count };
  }
  return { kind: "folder", root: choice.root, numClasses, split: choice.split, contained };
}
