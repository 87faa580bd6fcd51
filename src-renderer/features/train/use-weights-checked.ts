// Whether a file of importance weights is of the target's images: what only the server can tell of a form.
import { useDebouncedValue } from "@mantine/hooks";
import { skipToken, useQuery } from "@tanstack/react-query";
import {
  type StartTraining,
  type WeightsQuery,
  weightsQueryOf,
} from "../../../src-shared/contract/workbench/trainings.ts";
import { api } from "../../state/api.ts";
import { sentenceOf } from "../../state/tell.ts";
import type { FormProblems } from "./form-problems.ts";

/** Time to type a path before it is looked at. */
const DEBOUNCE_MS = 250;

/** The problems of a form with that of its weights file, where the others leave something to look at. */
export function useWeightsChecked(problems: FormProblems, request: StartTraining): FormProblems {
  const isReady = problems.weights === undefined && problems.target === undefined;
  const query = isReady ? weightsQueryOf(request) : null;
  const text = query === null ? null : JSON.stringify(query);
  const [settled] = useDebouncedValue(text, DEBOUNCE_MS);
  const { error } = useQuery({
    queryKey: ["weightsFile", settled],
    // What was written is read again as it was.
    queryFn: settled === null ? skipToken : () => api.trainings.checkWeights.query(JSON.parse(settled) as WeightsQuery),
    // The file may be written anew under its name.
    staleTime: 0,
    retry: false,
  });
  return query === null || settled !== text || error === null ? problems : { ...problems, weights: sentenceOf(error) };
}
