// The means under the classes: over all that have an IoU, over those in the labels, which these are, and what they are measured against.
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import { referenceOf } from "../../../src-shared/verdict/verdict.ts";
import { formatShare } from "../../components/format.ts";

interface Props {
  readonly run: Run;
  /** The kept iteration that is shown. */
  readonly iteration: number;
  readonly classNames: readonly string[];
}

export function MeanScores({ run, iteration, classNames }: Props) {
  const scores = run.kept.find((kept) => kept.iteration === iteration)?.scores;
  if (scores?.miou == null) return null;
  const { iou, present } = scores;
  const entered = [...iou.keys()].filter((trainId) => iou[trainId] !== null);
  const onlyPredicted = entered.filter((trainId) => !present.includes(trainId));
  const names = (trainIds: readonly number[]): string =>
    trainIds.map((id) => classNames[id] ?? `class ${id}`).join(", ");
  const source = referenceOf(run, "source")?.scores?.miou ?? null;
  return (
    <p className="mean-scores">
      <span title={`In the mean: ${names(entered)}`}>
        mean IoU <strong>{formatShare(scores.miou)}</strong> of {entered.length} classes
      </span>
      {scores.miouPresent !== null && onlyPredicted.length > 0 && (
        <span title={`Only predicted, and 0 in the mean of all: ${names(onlyPredicted)}`}>
          <strong>{formatShare(scores.miouPresent)}</strong> of the {present.length} in the labels
        </span>
      )}
      {source !== null && (
        <span title="The checkpoint unadapted with alpha 0: the statistics of its training images alone">
          <strong>{formatShare(source)}</strong> with alpha 0
        </span>
      )}
    </p>
  );
}
