// The columns of the table of runs: what they are called, how wide they are, how a value reads.
import {
  FIGURE_COLUMNS,
  type FigureColumn,
  PARAMETER_COLUMNS,
  type ParameterColumn,
  type RunCell,
  type RunColumn,
  trainIdOf,
} from "../../../src-shared/contract/workbench/run-query.ts";
import { labelSetFor } from "../../../src-shared/labels/label-sets.ts";
import { formatDuration, formatGain, formatShare, shortName } from "../../components/format.ts";
import { formatDate, METHOD_TITLES, STATUS_TITLES } from "../../state/run-words.ts";
import { PARAMETER_TITLES } from "./run-parameters.ts";

const FIGURE_TITLES: Readonly<Record<FigureColumn, string>> = {
  image: "Image",
  checkpoint: "Checkpoint",
  sweep: "Sweep or batch",
  method: "Method and parameters",
  status: "Status",
  createdAt: "Started",
  duration: "Time",
  miouBefore: "Mean IoU before",
  miou: "Mean IoU",
  gain: "Gain",
  entropy: "Entropy",
  confidence: "Confidence",
  loss: "Loss",
  notes: "Notes",
};

const CLASS_NAMES = labelSetFor(19).names;

export function columnTitle(column: RunColumn): string {
  const trainId = trainIdOf(column);
  if (trainId !== null) return `IoU: ${CLASS_NAMES[trainId] ?? `class ${trainId}`}`;
  return column in FIGURE_TITLES ? FIGURE_TITLES[column as FigureColumn] : PARAMETER_TITLES[column as ParameterColumn]; // neither class nor figure
}

const SHARES: readonly RunColumn[] = ["miouBefore", "miou", "entropy", "confidence"];
const TEXTS: readonly RunColumn[] = ["image", "checkpoint", "sweep", "method", "status", "notes"];
const SWITCHES: readonly RunColumn[] = ["flips", "grayscale", "dropout", "carryVelocity"];
const LISTS: readonly RunColumn[] = ["scales", "resnetLayers", "hrnetLayers", "vggLayers", "mitLayers", "window"];

/** Values that lie on a line, not beside one another. */
export function isNumeric(column: RunColumn): boolean {
  return ![...TEXTS, ...SWITCHES, ...LISTS].includes(column);
}

/** Columns by what they tell, for menus. */
export const COLUMN_GROUPS: readonly { readonly title: string; readonly columns: readonly RunColumn[] }[] = [
  { title: "Run and result", columns: FIGURE_COLUMNS },
  { title: "Parameters", columns: PARAMETER_COLUMNS },
  { title: "IoU of a class", columns: CLASS_NAMES.map((_, trainId): RunColumn => `iou.${trainId}`) },
];

/** What runs can be put together by: whatever several of them have in common. */
export const GROUPINGS: readonly RunColumn[] = [
  "checkpoint",
  "image",
  "sweep",
  "method",
  "status",
  ...PARAMETER_COLUMNS,
];

export function groupingTitle(column: RunColumn): string {
  return column === "method" ? "Method" : columnTitle(column);
}

/** As it is read; "–" for a run that has none. */
export function cellText(column: RunColumn, cell: RunCell | undefined): string {
  if (cell === null || cell === undefined) return column === "alpha" ? "as stored" : "–";
  if (trainIdOf(column) !== null || SHARES.includes(column)) return formatShare(Number(cell));
  if (SWITCHES.includes(column)) return cell === 0 ? "no" : "yes";
  if (LISTS.includes(column)) return listText(String(cell));
  switch (column) {
    case "gain":
      return formatGain(Number(cell));
    case "duration":
      return formatDuration(Number(cell));
    case "createdAt":
      return formatDate(Number(cell), Date.now());
    case "loss":
      return Number(cell).toPrecision(3);
    case "image":
      return shortName(String(cell));
    case "method":
      return METHOD_TITLES[cell as keyof typeof METHOD_TITLES] ?? String(cell);
    case "status":
      return STATUS_TITLES[cell as keyof typeof STATUS_TITLES] ?? String(cell);
    default:
      return typeof cell === "number" ? shortNumber(cell) : cell;
  }
}

/** "[0.25,0.5]" as "0.25, 0.5". */
function listText(json: string): string {
  const text = json
    .replace(/[[\]"]/g, "")
    .split(",")
    .join(", ");
  return text === "" ? "none" : text;
}

/** Six digits are enough for a parameter; 0.1 + 0.2 reads as 0.3. */
function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** Pixels that a column needs at least. */
export function columnWidth(column: RunColumn): number {
  if (column === "method") return 120;
  if (column === "notes" || column === "sweep") return 130;
  if (column === "image" || column === "checkpoint") return 120;
  if (column === "status" || column === "createdAt") return 92;
  return column === "miou" ? 124 : 88;
}

/** The greatest of a score is what one looks for first; of everything else the least. */
export function startsDescending(column: RunColumn): boolean {
  return trainIdOf(column) !== null || ["miou", "miouBefore", "gain", "confidence", "createdAt"].includes(column);
}

/** A click on a column's head: by it, the other way round, and back to the newest first. */
export function nextSort(
  sort: { readonly by: RunColumn; readonly descending: boolean } | null,
  by: RunColumn,
): { by: RunColumn; descending: boolean } | null {
  const first = startsDescending(by);
  if (sort?.by !== by) return { by, descending: first };
  return sort.descending === first ? { by, descending: !first } : null;
}

/** Changes places with the one before. */
export function movedForward(chosen: readonly RunColumn[], column: RunColumn): readonly RunColumn[] {
  const at = chosen.indexOf(column);
  const before = chosen[at - 1];
  return before === undefined ? chosen : chosen.with(at - 1, column).with(at, before);
}
