// From the saved predictions of an evaluation to a file of importance weights, DA-SAC's second step.
import { countPredictions } from "../methods/da-sac/count-predictions.ts";
import { classesNeverSeen } from "../methods/da-sac/importance-weights.ts";
import { writeWeightsFile } from "../methods/da-sac/weights-file.ts";
import { evaluatedKeys, predictionsFolder } from "./write-submission.ts";

export interface WrittenWeights {
  readonly images: number;
  /** Train ids that are predicted nowhere. */
  readonly unseen: readonly number[];
}

/**
 * @param output  its extension decides: `.json`, or `.data` in the original's form
 * @throws AppError those of `planSubmission`, `countPredictions` and `writeWeightsFile`
 * @throws CancelledError
 */
export async function writeEvaluationWeights(
  folder: string,
  output: string,
  signal?: AbortSignal,
): Promise<WrittenWeights> {
  const { numClasses } = await evaluatedKeys(folder);
  const weights = await countPredictions(predictionsFolder(folder), numClasses, signal === undefined ? {} : { signal });
  await writeWeightsFile(output, weights);
  return { images: weights.size, unseen: classesNeverSeen(weights, numClasses) };
}
