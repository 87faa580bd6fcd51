// The evaluations that are listed, the one that is shown, and the one it is compared with.
import { skipToken, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Evaluation, EvaluationResult } from "../../../src-shared/contract/workbench/evaluations.ts";
import type { EvaluationId } from "../../../src-shared/contract/workbench/ids.ts";
import { api } from "../../state/api.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";
import { useRemovals } from "../../state/removals.ts";
import { useEvaluateView } from "./evaluate-view.ts";
import { comparable, firstComparison } from "./evaluation-words.ts";

export interface ShownEvaluations {
  /** Newest first; undefined while they are loaded. */
  readonly list: readonly Evaluation[] | undefined;
  readonly current: Evaluation | undefined;
  readonly error: Error | null;
}

export function useEvaluations(): ShownEvaluations {
  const { data, error } = useQuery(queries.evaluations());
  const hidden = useRemovals((state) => state.hidden);
  const evaluationId = useNavigation((state) => state.evaluationId);
  const list = useMemo(
    () => data?.filter(({ id }) => !hidden.has(id)).sort((a, b) => b.createdAt - a.createdAt),
    [data, hidden],
  );
  const current = list?.find(({ id }) => id === evaluationId) ?? list?.[0];
  return { list, current, error };
}

export interface Compared {
  readonly candidates: readonly Evaluation[];
  readonly other: Evaluation | null;
  readonly result: EvaluationResult | undefined;
  readonly otherResult: EvaluationResult | null;
  readonly error: Error | null;
}

export function useCompared(list: readonly Evaluation[], current: Evaluation): Compared {
  const chosen = useEvaluateView((view) => view.against[current.id]);
  const candidates = useMemo(() => comparable(list, current), [list, current]);
  const other =
    chosen === "none" ? null : (candidates.find(({ id }) => id === chosen) ?? firstComparison(candidates, current));
  const own = useResult(current.id);
  const others = useResult(other?.id ?? null);
  return {
    candidates,
    other,
    result: own.data,
    otherResult: other === null ? null : (others.data ?? null),
    error: own.error,
  };
}

function useResult(id: EvaluationId | null) {
  return useQuery({
    queryKey: ["evaluation", id],
    queryFn: id === null ? skipToken : () => api.evaluations.get.query({ id }),
  });
}
