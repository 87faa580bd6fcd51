// Figures and images of an evaluation's folder, while it grows as well as afterwards.

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
  const { width, height, data } = await decodeLabelMap(predictionPath(folder, key));
  return { bytes: data, size: { width, height } };
};
