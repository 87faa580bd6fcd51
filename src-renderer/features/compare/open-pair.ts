// Goes from a row of the comparison to its image, with both sides in panes.

import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { ComparisonQuery, ComparisonSide } from "../../../src-shared/contract/workbench/runs.ts";
import { type ComparePane, useCompare } from "../../state/compare.ts";
import { useNavigation } from "../../state/navigation.ts";
import type { ComparedImage } from "./gains.ts";
import { useManyView } from "./many-view.ts";

function paneOfSide(key: string, runId: RunId, { stage, checkpointId, method, groupId }: ComparisonSide): ComparePane {
  return {
    key,
    runId,
    checkpointId,
    method,
    groupId: groupId ?? null,
    config: null,
    source: stage === "before" ? "before" : "result",
    differenceFrom: null,
    iteration: null,
  };
}

/** Both sides of one image, in the panes that are then stepped through in the order of the comparison. */
export function openPair(query: ComparisonQuery, { imageId, runA, runB }: ComparedImage): void {
  useManyView.setState({ cursor: imageId });
  useCompare.setState({
    tab: "one",
    order: "comparison",
    against: 1,
    panes: [paneOfSide("side-a", runA, query.a), paneOfSide("side-b", runB, query.b)],
  });
  useNavigation.getState().go({ imageId, datasetId: query.datasetId });
}
