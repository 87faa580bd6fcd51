// Runs as a verdict sees them: what each kept prediction looks like, and how well it fits the labels.
import type { Scores } from "../../../src-shared/contract/results.ts";
import type { KeptIteration, Run } from "../../../src-shared/contract/workbench/runs.ts";

export interface KeptLook {
  readonly classPixels: readonly number[];
  readonly saturated: number;
  readonly meanEntropy: number;
  readonly changed?: number;
  readonly supported?: number | null;
}

interface Judged {
  readonly looks: readonly (KeptLook | null)[];
  readonly losses?: readonly number[];
  readonly perClass?: readonly number[];
  readonly agreement?: number;
  /** One a kept prediction. */
  readonly miou?: readonly number[];
  readonly scores?: readonly Scores[];
}

/** Kept are iterations 0, 1, 2 and so on, as many as there are looks. */
export function runThat({
  looks,
  losses = [],
  perClass,
  agreement,
  miou = [],
  scores = miou.map((value) => someScores([value])),
}: Judged): Pick<Run, "losses" | "kept" | "pseudoLabel" | "references"> {
  const counts = perClass === undefined ? null : [...perClass];
  return {
    losses: [...losses],
    kept: looks.map(
      (look, iteration): KeptIteration => ({
        iteration,
        scores: scores[iteration] ?? null,
        meanConfidence: 1 - (look?.meanEntropy ?? 0.5),
        meanEntropy: look?.meanEntropy ?? 0.5,
        figures:
          look === null
            ? null
            : {
                classPixels: [...look.classPixels],
                saturated: look.saturated,
                changed: look.changed ?? 0,
                supported: look.supported ?? null,
                overlapAgreement: null,
              },
      }),
    ),
    references: [],
    pseudoLabel:
      counts === null && agreement === undefined
        ? null
        : {
            keptPixels: 1,
            pixels: 1,
            perClass: counts ?? [...(looks[0]?.classPixels ?? [])],
            agreement: agreement ?? null,
          },
  };
}

/** The mean is over all classes that have an IoU; those in the labels are the first so many, by default all. */
export function someScores(iou: readonly (number | null)[], labelled = iou.length): Scores {
  const mean = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  const present = [...iou.keys()].filter((trainId) => trainId < labelled && iou[trainId] !== null);
  return { miou: mean(iou), iou: [...iou], miouPresent: mean(present.map((trainId) => iou[trainId] ?? null)), present };
}
