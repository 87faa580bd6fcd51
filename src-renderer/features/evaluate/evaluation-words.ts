// Evaluations in words: their methods, names, parameters.

import type { ImageMethod } from "../../../src-shared/contract/image-methods.ts";
import type { Evaluation } from "../../../src-shared/contract/workbench/evaluations.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import { METHOD_TITLES as RUN_METHOD_TITLES } from "../../state/run-words.ts";

export const METHOD_TITLES: Readonly<Record<ImageMethod, string>> = {
  ...RUN_METHOD_TITLES,
  "mc-dropout": "MC dropout",
};

export const METHOD_SENTENCES: Readonly<Record<ImageMethod, string>> = {
  predict: "One prediction an image, as the checkpoint is.",
  tta: "Test-time augmentation: the predictions of several views are averaged, the model stays as it is.",
  adapt: "The model adapts to each image by itself, starting from the checkpoint every time.",
  "mc-dropout": "The mean over several passes with dropout on. Needs a checkpoint that was trained with dropout.",
};

/** Its own name, or what it does to what. */
export function evaluationName({ name, config, datasetName }: Pick<Evaluation, "name" | "config" | "datasetName">) {
  return name === "" ? `${METHOD_TITLES[config.method]} on ${datasetName}` : name;
}

/** Whether images without a record can still be computed. */
export function isResumable({ status }: Pick<Evaluation, "status">): boolean {
  return status === "cancelled" || status === "interrupted" || status === "failed";
}

/** The evaluations that can stand beside this one: of the same images and classes. */
export function comparable(evaluations: readonly Evaluation[], shown: Evaluation) {
  const { id, datasetId } = shown;
  return evaluations.filter(
    (other) =>
      other.id !== id && other.datasetId === datasetId && labelSetOf(other) === labelSetOf(shown) && other.done > 0,
  );
}

/** What is compared with until somebody chooses: the newest of the same checkpoint, plain predictions before others. */
export function firstComparison(candidates: readonly Evaluation[], { checkpointId, config }: Evaluation) {
  const rank = (other: Evaluation) =>
    Number(other.checkpointId === checkpointId) * 2 +
    Number(other.config.method === "predict" && config.method !== "predict");
  return candidates.toSorted((a, b) => rank(b) - rank(a) || b.createdAt - a.createdAt)[0] ?? null;
}
