// The command line that trains the same: every parameter is written out.
import { parameterFields, valueAt } from "../../../src-shared/contract/parameter-field.ts";
import { traitsOf } from "../../../src-shared/contract/training/method-traits.ts";
import { TRAINING_SCHEMAS } from "../../../src-shared/contract/training/training-config.ts";
import type { DatasetId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Training, TrainingData } from "../../../src-shared/contract/workbench/trainings.ts";
import { flagsOf, machineWords, shellLine } from "./command-words.ts";

export interface TrainingCommandFiles {
  readonly folderOf: (id: DatasetId) => string;
  readonly initialWeights: string | null;
  /** Of pseudo-labels, or of hard patches. */
  readonly labelFolder: string | null;
  /** Where the best weights go: a name, which begins in the folder that the command is given in. */
  readonly output: string;
}

/** In place of a split: every image. */
const ALL_IMAGES = "all";

export function trainingCommand(
  { data, target, validation, importanceWeights, config, machine }: Training,
  { folderOf, initialWeights, labelFolder, output }: TrainingCommandFiles,
  platform: NodeJS.Platform = process.platform,
): string {
  // Previews are for looking at; the command line writes none.
  const fields = parameterFields(TRAINING_SCHEMAS[config.method]).filter(({ name }) => name !== "previewStep");
  const parameters = Object.fromEntries(fields.map(({ name, path }) => [name, valueAt(config, path)]));
  const images = [
    ...(traitsOf(config).isSourceFree ? [] : dataWords(data, folderOf)),
    ...targetWords(target, folderOf),
    ...validationWords(data, validation, folderOf),
  ];
  const words = ["acclimate", "train", "--method", config.method, ...images];
  const labels = config.method === "crots" ? { hardPatchesRoot: labelFolder } : { pseudoLabelRoot: labelFolder };
  const flags = flagsOf({ initialWeights, importanceWeights, ...labels, ...parameters, output });
  return shellLine([...words, ...flags, ...machineWords(machine, null)], platform);
}

function dataWords(data: TrainingData, folderOf: TrainingCommandFiles["folderOf"]): string[] {
  if (data.kind === "sample") return ["--sample", "--count", String(data.count)];
  return flagsOf({ datasetRoot: folderOf(data.datasetId), split: data.split ?? ALL_IMAGES });
}

function targetWords(target: TrainingData | null, folderOf: TrainingCommandFiles["folderOf"]): string[] {
  if (target === null) return [];
  if (target.kind === "sample")
    return flagsOf({ targetCount: target.count, targetDomains: target.domains ?? ["clear"] });
  return flagsOf({ targetDatasetRoot: folderOf(target.datasetId), targetSplit: target.split ?? ALL_IMAGES });
}

function validationWords(
  data: TrainingData,
  validation: TrainingData | null,
  folderOf: TrainingCommandFiles["folderOf"],
): string[] {
  if (validation?.kind === "dataset") {
    const { datasetId, split } = validation;
    return flagsOf({ valDatasetRoot: folderOf(datasetId), valSplit: split ?? ALL_IMAGES });
  }
  const count = validation?.count ?? 0;
  // With the sample, some scenes validate unless that is switched off.
  if (count === 0 && data.kind !== "sample") return [];
  return ["--val-count", String(count), ...flagsOf({ valDomains: validation?.domains ?? null })];
}
