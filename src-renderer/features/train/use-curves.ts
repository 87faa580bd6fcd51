// The curves of the training that is shown and of those over it.
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Training, TrainingCurves } from "../../../src-shared/contract/workbench/trainings.ts";
import { lineColor } from "../../components/series-colors.ts";
import { queries } from "../../state/queries.ts";
import { useTrainView } from "./train-view.ts";
import { trainingName } from "./training-words.ts";

export interface DrawnTraining {
  readonly training: Training;
  readonly name: string;
  readonly color: string;
  readonly curves: TrainingCurves;
}

export function useCurves(training: Training, list: readonly Training[]) {
  const overlaid = useTrainView((view) => view.overlaid);
  const { data: curves, error } = useQuery(queries.trainingCurves(training.id));
  const others = useMemo(
    () => overlaid.flatMap((id) => (id === training.id ? [] : (list.find((other) => other.id === id) ?? []))),
    [overlaid, list, training.id],
  );
  const found = useQueries({ queries: others.map(({ id }) => queries.trainingCurves(id)) });
  const otherCurves = found.map(({ data }) => data);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the array is new in every render, what is in it is not
  const drawn = useMemo(
    (): readonly DrawnTraining[] =>
      [training, ...others].flatMap((entry, place) => {
        const points = place === 0 ? curves : otherCurves[place - 1];
        if (points === undefined) return [];
        return [{ training: entry, name: trainingName(entry), color: lineColor(place), curves: points }];
      }),
    [training, others, curves, ...otherCurves],
  );
  return { curves, drawn, error };
}
