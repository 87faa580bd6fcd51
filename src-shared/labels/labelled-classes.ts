// Which classes enter a mean IoU: those that labels have, and those that are predicted alone and count as 0.
import type { EvaluationSummary } from "../contract/evaluation.ts";

export interface LabelledClasses {
  /** Mean IoU over the classes that the labels have, 0..1; null when they have none. */
  readonly miou: number | null;
  /** Train ids, in order. */
  readonly labelled: readonly number[];
  /** Train ids of classes with an IoU that no label has, in order. */
  readonly predictedAlone: readonly number[];
}

/** Of an evaluation; null without labels. */
export function labelledClasses({
  pooled,
  numClasses,
}: Pick<EvaluationSummary, "pooled" | "numClasses">): LabelledClasses | null {
  if (pooled === null) return null;
  const { iou, confusion } = pooled;
  const isLabelled = (trainId: number): boolean =>
    confusion.slice(trainId * numClasses, (trainId + 1) * numClasses).some((pixels) => pixels > 0);
  const entered = [...iou.keys()].filter((trainId) => iou[trainId] !== null);
  const labelled = entered.filter(isLabelled);
  const sum = labelled.reduce((total, trainId) => total + (iou[trainId] ?? 0), 0);
  return {
    miou: labelled.length === 0 ? null : sum / labelled.length,
    labelled,
    predictedAlone: entered.filter((trainId) => !isLabelled(trainId)),
  };
}

/** The sentence that names what is predicted alone; null when nothing is. */
export function predictedAloneSentence(
  { labelled, predictedAlone }: LabelledClasses,
  names: readonly string[],
): string | null {
  if (predictedAlone.length === 0) return null;
  const listed = predictedAlone.map((trainId) => names[trainId] ?? String(trainId)).join(", ");
  return `The labels have ${labelled.length} classes; predicted without being in them, each an IoU of 0 in the mean over both: ${listed}.`;
}
