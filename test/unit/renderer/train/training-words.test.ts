// Trainings in words: the images that a training is on.
import { expect, it } from "vitest";
import { imagesWords } from "../../../../src-renderer/features/train/training-words.ts";
import { trainingConfigSchema } from "../../../../src-shared/contract/training/training-config.ts";
import type { TrainingData } from "../../../../src-shared/contract/workbench/trainings.ts";
import { aTraining } from "../../../helpers/workbench-entities.ts";

it.each([
  ["source-training", false, "4"],
  ["da-sac", true, "from 4 to 6"],
  ["crots-baseline", true, "to 6"],
  ["crots", true, "to 6"],
] as const)("of %s name a source only where one is looked at", (method, hasTarget, words) => {
  const target = hasTarget ? ({ kind: "sample", count: 6 } as const) : null;
  const training = aTraining({
    data: { kind: "sample", count: 4 },
    target,
    config: trainingConfigSchema.parse({ method }),
  });
  const nameOf = (data: TrainingData) => (data.kind === "sample" ? `${data.count}` : "");
  expect(imagesWords(training, nameOf)).toBe(words);
});
