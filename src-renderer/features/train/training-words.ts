// Trainings in words: names, where they stand, how they ended.
import type { LoopConfig } from "../../../src-shared/contract/training/loop-config.ts";
import { traitsOf } from "../../../src-shared/contract/training/method-traits.ts";
import { networkOf } from "../../../src-shared/contract/training/network-of.ts";
import type { RunStatus } from "../../../src-shared/contract/workbench/runs.ts";
import type { Training, TrainingData } from "../../../src-shared/contract/workbench/trainings.ts";
import { modelNames } from "../../state/model-names.ts";

/** Its own name, or its network, after the step where the method is one of several. */
export function trainingName({ name, config }: Pick<Training, "name" | "config">): string {
  if (name !== "") return name;
  const { arch, backbone } = networkOf(config);
  const { stepTitle } = traitsOf(config);
  return `${stepTitle === null ? "" : `${stepTitle}: `}${modelNames(arch, backbone)}`;
}

export function shownStatus({ status, isPaused }: Pick<Training, "status" | "isPaused">): RunStatus | "paused" {
  return status === "running" && isPaused ? "paused" : status;
}

/** "4,000 sample scenes", "200 sample scenes (fog, night)", "gta, train" */
export function dataName(data: TrainingData, datasetName: string | undefined): string {
  if (data.kind === "sample") {
    const domains = data.domains === undefined ? "" : ` (${data.domains.join(", ")})`;
    return `${data.count.toLocaleString("en")} sample scenes${domains}`;
  }
  return `${datasetName ?? "a dataset that is gone"}, ${data.split ?? "all images"}`;
}

/** "gta, train"; "from gta, train to fog, all images"; "to fog, all images" where no source is looked at. */
export function imagesWords(
  { data, target, config }: Pick<Training, "data" | "target" | "config">,
  nameOf: (data: TrainingData) => string,
): string {
  if (target === null) return nameOf(data);
  return traitsOf(config).isSourceFree ? `to ${nameOf(target)}` : `from ${nameOf(data)} to ${nameOf(target)}`;
}

/** Whether it can be taken up again from the state that was saved last. */
export function isResumable({ status }: Pick<Training, "status">): boolean {
  return status === "cancelled" || status === "interrupted" || status === "failed";
}

/** 0..1; null while the number of steps is not known. */
export function progressOf({ step, steps }: Pick<Training, "step" | "steps">): number | null {
  return steps === null ? null : step / Math.max(1, steps);
}

/** As short as learning rates and losses are read: 0.00482, 1.2e-5. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-3) return Number(value.toPrecision(3)).toExponential();
  return String(Number(value.toPrecision(3)));
}

/** The first epoch, from 1, after which there is a validation; null when training ends before. */
export function firstValidation({
  validationStart,
  validationStep,
  numEpochs,
}: Pick<LoopConfig, "validationStart" | "validationStep" | "numEpochs">): number | null {
  // Counted from 0, an epoch is validated when it is a multiple of the step, and not before the start.
  const epoch = Math.ceil(validationStart / validationStep) * validationStep;
  return epoch < numEpochs ? epoch + 1 : null;
}
