// What each method does, in one sentence.
import type { RunMethod } from "../../../src-shared/contract/workbench/runs.ts";

export const METHOD_SENTENCES: Readonly<Record<RunMethod, string>> = {
  predict: "One prediction, as the checkpoint is.",
  tta: "Test-time augmentation: predicts several views of the image and averages them.",
  adapt: "Averages views into a pseudo-label and trains on it for a few iterations.",
};
