// What the screen shows of the history: filter, selection, and how a sweep is looked at.
import { z } from "zod";
import { create } from "zustand";
import {
  type CheckpointId,
  type DatasetId,
  type GroupId,
  groupIdSchema,
  type RunId,
} from "../../../src-shared/contract/workbench/ids.ts";
import type { RunCondition } from "../../../src-shared/contract/workbench/run-query.ts";
import type { RunStatus } from "../../../src-shared/contract/workbench/runs.ts";
import { perform } from "../../state/history.ts";
import { keepOverReload } from "../../state/keep-over-reload.ts";
import { FIGURES, type SweepAxis, type SweepColumn, type SweepFigure } from "./sweep-layout.ts";

export interface RunFilter {
  /** Empty: all. */
  readonly statuses: readonly RunStatus[];
  readonly datasetId: DatasetId | null;
  readonly checkpointId: CheckpointId | null;
  readonly groupId: GroupId | null;
  /** Words of a search. */
  readonly text: string;
  /** What is brushed on the axes, one condition a column. */
  readonly where: readonly RunCondition[];
}

export interface RunView {
  readonly filter: RunFilter;
  readonly selected: ReadonlySet<RunId>;
  /** The run the keyboard is at, whose details are shown; null before the first click. */
  readonly cursor: RunId | null;
  /** The other end of a range that Shift extends. */
  readonly anchor: RunId | null;
  /** Groups whose runs are not shown, by `sectionKey`. */
  readonly folded: ReadonlySet<string>;
  readonly sweepTab: "pictures" | "table" | "plot" | "runs";
  readonly figure: SweepFigure;
  /** Whether a sweep's figures may look at the labels. */
  readonly usesTruth: boolean;
  readonly axis: SweepAxis;
  readonly sort: { readonly by: SweepColumn; readonly descending: boolean };
}

export const NO_FILTER: RunFilter = {
  statuses: [],
  datasetId: null,
  checkpointId: null,
  groupId: null,
  text: "",
  where: [],
};

export const FIRST_RUN_VIEW: RunView = {
  filter: NO_FILTER,
  selected: new Set(),
  cursor: null,
  anchor: null,
  folded: new Set(),
  sweepTab: "pictures",
  figure: "entropy",
  usesTruth: false,
  axis: "numEpochs",
  sort: { by: "baseLr", descending: false },
};

export const useRunView = create<RunView>(() => FIRST_RUN_VIEW);

/** The sweep that is open, and what of it is shown; filters are quickly made anew. */
const keptSchema = z.object({
  filter: z.object({ groupId: groupIdSchema.nullable() }).transform(({ groupId }) => ({ ...NO_FILTER, groupId })),
  sweepTab: z.enum(["pictures", "table", "plot", "runs"]),
});
keepOverReload("run-view", useRunView, keptSchema);

export function isFiltered({ statuses, datasetId, checkpointId, text, where }: RunFilter): boolean {
  return statuses.length > 0 || datasetId !== null || checkpointId !== null || text !== "" || where.length > 0;
}

/** The conditions with that of a column replaced, or taken away by null. */
export function withCondition(
  where: readonly RunCondition[],
  column: RunCondition["column"],
  condition: RunCondition | null,
): readonly RunCondition[] {
  const others = where.filter((other) => other.column !== column);
  return condition === null ? others : [...others, condition];
}

/** Shows or hides the runs of a group. */
export function folded(view: RunView, key: string): RunView {
  const keys = new Set(view.folded);
  if (!keys.delete(key)) keys.add(key);
  return { ...view, folded: keys };
}

/** Changes the filter; can be undone. What was selected may not be listed any more, so nothing stays selected. */
export function changeFilter(label: string, change: Partial<RunFilter>): void {
  const before = useRunView.getState().filter;
  const after = { ...before, ...change };
  const set = (filter: RunFilter) => useRunView.setState({ filter, selected: new Set(), cursor: null, anchor: null });
  perform({ label, redo: () => set(after), undo: () => set(before) });
}

/** A plain click: this one alone. */
export function selectedOnly(view: RunView, id: RunId): RunView {
  return { ...view, selected: new Set([id]), cursor: id, anchor: id };
}

/** In or out, the others stay. */
export function selectedToo(view: RunView, id: RunId): RunView {
  const selected = new Set(view.selected);
  if (!selected.delete(id)) selected.add(id);
  return { ...view, selected, cursor: id, anchor: id };
}

/** Everything from the anchor to here; `ids` in the order of the list. */
export function selectedRange(view: RunView, id: RunId, ids: readonly RunId[]): RunView {
  return { ...view, selected: new Set(ids), cursor: id };
}

/** Figures that look at the labels go back to one that doesn't when looking is switched off. */
export function withTruth(view: RunView, usesTruth: boolean): RunView {
  const figure = !usesTruth && FIGURES[view.figure].usesTruth ? "entropy" : view.figure;
  const by = view.sort.by;
  const isHidden = !usesTruth && (by === "miou" || by === "gain");
  return { ...view, usesTruth, figure, sort: isHidden ? FIRST_RUN_VIEW.sort : view.sort };
}
