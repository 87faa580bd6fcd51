// The heading of a group of runs: what they have in common, how many there are, and how good the best of them is.
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import type { RunColumn, RunSection } from "../../../src-shared/contract/workbench/run-query.ts";
import { countOf, formatShare } from "../../components/format.ts";
import { cellText, groupingTitle } from "./run-columns.ts";
import { sectionKey } from "./run-rows.ts";
import { folded, useRunView } from "./run-view.ts";

interface RunSectionRowProps {
  readonly column: RunColumn;
  readonly section: RunSection;
  readonly isFolded: boolean;
  readonly offsetPx: number;
}

export function RunSectionRow({ column, section, isFolded, offsetPx }: RunSectionRowProps) {
  const { count, bestMiou, meanMiou } = section;
  const Chevron = isFolded ? IconChevronRight : IconChevronDown;
  return (
    <button
      type="button"
      className="run-section"
      style={{ transform: `translateY(${offsetPx}px)` }}
      aria-expanded={!isFolded}
      onClick={() => useRunView.setState((view) => folded(view, sectionKey(section)))}
    >
      <Chevron size={15} stroke={1.8} aria-hidden="true" />
      <span className="dimmed">{groupingTitle(column)}</span>
      <strong>{nameOf(column, section)}</strong>
      <span className="dimmed run-section-figures">
        {countOf(count, "run")}
        {bestMiou !== null && ` · mean IoU ${formatShare(meanMiou)} on average, ${formatShare(bestMiou)} at best`}
      </span>
    </button>
  );
}

function nameOf(column: RunColumn, { key, label }: RunSection): string {
  if (column !== "sweep") return cellText(column, label);
  if (key === null) return "none";
  return label === null || label === "" ? "without a name" : String(label);
}
