// The plan of an export, asked for anew a moment after the last change.
import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { ExportPlan, ExportRequest } from "../../../src-shared/contract/workbench/exports.ts";
import { api } from "../../state/api.ts";

/** Long enough for a drag or a typed word. */
const SETTLE_MS = 200;

export interface PlanState {
  readonly plan: ExportPlan | undefined;
  readonly error: Error | null;
  /** What is shown is of an earlier request. */
  readonly isStale: boolean;
}

/** @param request  null while it is not complete */
export function useExportPlan(request: ExportRequest | null): PlanState {
  const key = JSON.stringify(request);
  const [settled, setSettled] = useState({ key, request });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of the request
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ key, request }), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [key]);
  const asked = settled.request;
  const { data, error, isFetching, isPlaceholderData } = useQuery({
    queryKey: ["exportPlan", settled.key],
    queryFn: asked === null ? skipToken : () => api.exports.plan.query(asked),
    placeholderData: keepPreviousData,
    // Files come and go in folders behind our back.
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  return {
    plan: request === null || error !== null ? undefined : data,
    error: request === null ? null : error,
    isStale: settled.key !== key || isFetching || isPlaceholderData,
  };
}
