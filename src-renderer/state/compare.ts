// What the compare screen compares: panes that follow a way of running from image to image, and two sides over many images.
import { create } from "zustand";
import type { CheckpointId, GroupId, RunId } from "../../src-shared/contract/workbench/ids.ts";
import type { ImageRunConfig, RunMethod, RunSummary } from "../../src-shared/contract/workbench/runs.ts";
import { perform } from "./history.ts";
import { useNavigation } from "./navigation.ts";

export const COMPARE_SOURCES = [
  "result",
  "before",
  "difference",
  "errors",
  "confidence",
  "entropy",
  "truth",
  "image",
] as const;
export type CompareSource = (typeof COMPARE_SOURCES)[number];

/** What the difference in a pane is counted from. */
export type DifferenceFrom =
  | { readonly kind: "before" }
  | { readonly kind: "truth" }
  | { readonly kind: "pane"; readonly key: string };

/** A result as a pane remembers it: on another image, what was made there in the same way takes its place. */
export interface ComparePane {
  readonly key: string;
  readonly runId: RunId | null;
  readonly checkpointId: CheckpointId | null;
  readonly method: RunMethod | null;
  readonly groupId: GroupId | null;
  readonly config: ImageRunConfig | null;
  readonly source: CompareSource;
  /** Null: from the first pane. */
  readonly differenceFrom: DifferenceFrom | null;
  /** A kept iteration; null: the last. */
  readonly iteration: number | null;
}

export type CompareLayout = "panes" | "split" | "blink";

/** One side of the comparison over many images, as far as it is chosen. */
export interface CompareSide {
  /** Null: the first checkpoint with runs. */
  readonly checkpointId: CheckpointId | null;
  readonly stage: "before" | "after";
  readonly method: RunMethod | null;
  readonly groupId: GroupId | null;
}

export interface CompareState {
  readonly tab: "one" | "many";
  /** Null until somebody chooses: then what the image has is shown. */
  readonly panes: readonly ComparePane[] | null;
  readonly layout: CompareLayout;
  /** 0..1 of the pane's width. */
  readonly splitAt: number;
  /** Which pane the first one is compared with, class by class. */
  readonly against: number;
  readonly a: CompareSide;
  readonly b: CompareSide;
  /** Whether stepping from image to image follows the comparison over many images, or the dataset's list. */
  readonly order: "dataset" | "comparison";
}

export const MAX_PANES = 4;

export const FIRST_COMPARE: CompareState = {
  tab: "one",
  panes: null,
  layout: "panes",
  splitAt: 0.5,
  against: 1,
  a: { checkpointId: null, stage: "before", method: null, groupId: null },
  b: { checkpointId: null, stage: "after", method: null, groupId: null },
  order: "dataset",
};

export const useCompare = create<CompareState>(() => FIRST_COMPARE);

/** Changes what is named; can be undone. */
export function changeCompare(label: string, change: Partial<CompareState>): void {
  const state = useCompare.getState();
  const before = Object.fromEntries(Object.keys(change).map((name) => [name, state[name as keyof CompareState]]));
  perform({ label, redo: () => useCompare.setState(change), undo: () => useCompare.setState(before) });
}

let lastKey = 0;

/** A pane that shows a run, and follows its way of running. */
export function paneOf(
  run: Pick<RunSummary, "id" | "checkpoint" | "method" | "groupId" | "config">,
  source: CompareSource = "result",
): ComparePane {
  lastKey += 1;
  return {
    key: `pane-${lastKey}`,
    runId: run.id,
    checkpointId: run.checkpoint.id,
    method: run.method,
    groupId: run.groupId,
    config: run.config,
    source,
    differenceFrom: null,
    iteration: null,
  };
}

/** Opens two to four runs side by side, on the image of the first. */
export function compareRuns(runs: readonly RunSummary[]): void {
  const [first] = runs;
  if (first === undefined) return;
  // One run alone is compared with where it began.
  const panes = runs.length === 1 ? [paneOf(first, "before"), paneOf(first)] : runs.map((run) => paneOf(run));
  useCompare.setState({ tab: "one", panes: panes.slice(0, MAX_PANES), against: 1, order: "dataset" });
  useNavigation.getState().go({ screen: "compare", imageId: first.image.id, datasetId: first.image.datasetId });
}

/** Opens a batch's predictions before and after, over all of its images. */
export function compareBatch(
  group: { readonly id: GroupId; readonly checkpoint: { readonly id: CheckpointId } },
  datasetId: RunSummary["image"]["datasetId"],
): void {
  const side = { checkpointId: group.checkpoint.id, method: null, groupId: group.id };
  useCompare.setState({ tab: "many", a: { ...side, stage: "before" }, b: { ...side, stage: "after" } });
  useNavigation.getState().go({ screen: "compare", datasetId });
}
