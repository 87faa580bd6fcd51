// Figures and images of an evaluation's folder, while it grows as well as afterwards.

import { existsSync } from "node:fs";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { RecordedEvaluations } from "../../evaluation/recorded-figures.ts";
import { predictionPath } from "../../evaluation/write-submission.ts";
import { decodeLabelMap } from "../../images/decode-label-map.ts";
import type { Handler } from "../handler.ts";

export function evaluationFigures(recorded: RecordedEvaluations): Handler<"evaluationFigures"> {
  return async ({ folder, numClasses }) => {
    const { summary, failures } = await recorded.figures(folder, numClasses);
    return { summary, failures: [...failures] };
  };
}

export function confusedImages(recorded: RecordedEvaluations): Handler<"confusedImages"> {
  return ({ folder, numClasses, ...cell }) => recorded.confused(folder, numClasses, cell);
}

export const predictedLabels: Handler<"predictedLabels"> = async ({ folder, key }) => {
  const path = predictionPath(folder, key);
  if (!existsSync(path)) {
    throw new AppError(
      "input.missing",
      `"${key}" has no prediction in this evaluation: it failed, or is still to come.`,
    );
  }
  const { width, height, data } = await decodeLabelMap(path);
  return { bytes: data, size: { width, height } };
};
