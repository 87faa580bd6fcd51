// What the difference in a pane is counted from: any other pane's classes, the ground truth, or its own run before.
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import type { ComparePane, DifferenceFrom } from "../../state/compare.ts";
import { type DifferenceBase, NO_RESULT, SOURCE_TITLES } from "./pane-layer.ts";
import type { ShownPane } from "./use-shown-panes.ts";

/** As chosen, or pane 1; in pane 1, and where the chosen pane was taken away, before. */
export function differenceFrom(pane: ComparePane, panes: readonly ComparePane[]): DifferenceFrom {
  const [first] = panes;
  const usual: DifferenceFrom =
    first === undefined || first.key === pane.key ? { kind: "before" } : { kind: "pane", key: first.key };
  const chosen = pane.differenceFrom ?? usual;
  const isThere = chosen.kind !== "pane" || panes.some(({ key }) => key === chosen.key && key !== pane.key);
  return isThere ? chosen : { kind: "before" };
}

export function differenceBase(shown: ShownPane, panes: readonly ShownPane[]): DifferenceBase {
  const from = differenceFrom(
    shown.pane,
    panes.map(({ pane }) => pane),
  );
  if (from.kind === "truth") return { kind: "truth" };
  if (from.kind === "before") return predictionBase(shown, shown.before, SOURCE_TITLES.before);
  const place = panes.findIndex(({ pane }) => pane.key === from.key);
  const other = panes[place];
  if (other === undefined) return { kind: "missing", reason: NO_RESULT };
  if (other.pane.source === "truth") return { kind: "truth" };
  if (other.pane.source === "image") return { kind: "missing", reason: `Pane ${place + 1} shows no classes` };
  return predictionBase(other, other.stop, paneTitle(place));
}

/** What a pane is called where there is no room for its parameters. */
export function paneTitle(place: number): string {
  return `Pane ${place + 1}`;
}

/** What the menu says of a choice. */
export function differenceWords(from: DifferenceFrom, panes: readonly ComparePane[]): string {
  switch (from.kind) {
    case "before":
      return "before";
    case "truth":
      return "the ground truth";
    case "pane":
      return paneTitle(panes.findIndex(({ key }) => key === from.key)).toLowerCase();
    default:
      return from satisfies never;
  }
}

function predictionBase({ resolved }: ShownPane, stop: ShownPane["stop"], title: string): DifferenceBase {
  if (stop === null || resolved === null) return { kind: "missing", reason: NO_RESULT };
  return { kind: "prediction", stop, title, modelClasses: labelSetOf(resolved.run.checkpoint) };
}
