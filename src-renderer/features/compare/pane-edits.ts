// Changes of the panes that can be undone: what each shows, adding and taking away, how they are arranged.
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import {
  type CompareLayout,
  type ComparePane,
  type CompareSource,
  type CompareState,
  changeCompare,
  type DifferenceFrom,
  MAX_PANES,
  paneOf,
  useCompare,
} from "../../state/compare.ts";
import { perform, useHistory } from "../../state/history.ts";
import { runTitle } from "../../state/run-words.ts";
import { useBlink } from "./blink.ts";
import { differenceWords } from "./difference-base.ts";
import { SOURCE_TITLES } from "./pane-layer.ts";

type Panes = Pick<CompareState, "panes" | "against">;

/** From the first edit on the choice is the user's. */
function withPanes(panes: readonly ComparePane[]): Panes {
  return { panes, against: Math.max(1, Math.min(useCompare.getState().against, panes.length - 1)) };
}

function withPane(shown: readonly ComparePane[], place: number, change: Partial<ComparePane>): Panes {
  return withPanes(shown.map((pane, index) => (index === place ? { ...pane, ...change } : pane)));
}

/** Another result in the same pane; what is shown of it stays, and starts at its last prediction. */
export function setPaneRun(shown: readonly ComparePane[], place: number, run: RunSummary): void {
  const { runId, checkpointId, method, groupId, config } = paneOf(run);
  if (shown[place]?.runId === runId && shown[place].iteration === null) return;
  changeCompare(
    `show ${run.checkpoint.name}, ${runTitle(run)} in pane ${place + 1}`,
    withPane(shown, place, { runId, checkpointId, method, groupId, config, iteration: null }),
  );
}

export function setPaneSource(shown: readonly ComparePane[], place: number, source: CompareSource): void {
  if (shown[place]?.source === source) return;
  const title = SOURCE_TITLES[source].toLowerCase();
  changeCompare(`show ${title} in pane ${place + 1}`, withPane(shown, place, { source }));
}

export function setDifferenceFrom(shown: readonly ComparePane[], place: number, from: DifferenceFrom): void {
  changeCompare(
    `count the difference in pane ${place + 1} from ${differenceWords(from, shown)}`,
    withPane(shown, place, { differenceFrom: from }),
  );
}

let beforeSlide: Panes | null = null;

/** Another kept iteration while a slider is dragged: the whole way is one step back, once `endSlide` is called. */
export function slideIteration(shown: readonly ComparePane[], place: number, iteration: number | null): void {
  const { panes, against } = useCompare.getState();
  beforeSlide ??= { panes, against };
  useCompare.setState(withPane(shown, place, { iteration }));
}

export function endSlide(place: number): void {
  const before = beforeSlide;
  beforeSlide = null;
  if (before === null) return;
  const { panes, against } = useCompare.getState();
  const iteration = panes?.[place]?.iteration ?? null;
  useHistory.getState().push({
    label: `show ${iteration === null ? "the last iteration" : `iteration ${iteration}`} in pane ${place + 1}`,
    redo: () => useCompare.setState({ panes, against }),
    undo: () => useCompare.setState(before),
  });
}

/** Beside what is there: the same result, errors first, since that is what the eye does not find by itself. */
export function addPane(shown: readonly ComparePane[], runs: readonly RunSummary[], hasLabels: boolean): void {
  const last = shown.at(-1);
  if (last === undefined || shown.length >= MAX_PANES) return;
  const unused = runs.find(({ id }) => !shown.some(({ runId }) => runId === id));
  const [run] = unused === undefined ? runs : [unused];
  if (run === undefined) return;
  const added = paneOf(run, unused === undefined ? (hasLabels ? "errors" : "confidence") : "result");
  changeCompare(`add pane ${shown.length + 1}`, withPanes([...shown, added]));
}

export function removePane(shown: readonly ComparePane[], place: number): void {
  if (shown.length <= 2) return;
  changeCompare(`take pane ${place + 1} away`, withPanes(shown.toSpliced(place, 1)));
}

const LAYOUT_LABELS: Readonly<Record<CompareLayout, string>> = {
  panes: "arrange panes side by side",
  split: "arrange panes with a divider",
  blink: "show panes one after the other",
};

export function setLayout(layout: CompareLayout): void {
  const before = useCompare.getState().layout;
  if (layout === before) return;
  perform({ label: LAYOUT_LABELS[layout], redo: () => arrange(layout), undo: () => arrange(before) });
}

function arrange(layout: CompareLayout): void {
  useCompare.setState({ layout });
  // Whoever asked for stillness starts it by hand.
  const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  useBlink.setState({ isPlaying: layout === "blink" && !isStill, steps: 0, isHeld: false });
}
