// A folder that a command works on: a data set or a part of one, images with labels, or images alone.
import { sep } from "node:path";
import type {
  DatasetItem,
  DatasetLayout,
  DatasetReportCode,
  DatasetReportLine,
} from "../../../src-shared/contract/dataset.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { DatasetReport } from "../../engine/datasets/dataset-report.ts";
import { detectLayout, findEnclosingDataset } from "../../engine/datasets/detect-layout.ts";
import { LAYOUTS } from "../../engine/datasets/layouts.ts";
import { listDataset } from "../../engine/datasets/list-dataset.ts";
import { READ_FORMATS } from "../../engine/images/image-formats.ts";
import { countText } from "../terminal/format.ts";
import { NATURAL } from "./natural-order.ts";
import type { RunInput } from "./run-input.ts";
import { stemOf } from "./stem-of.ts";

export interface FolderListening {
  /** Hears what was found, and what is wrong with it. */
  readonly say: (line: string) => void;
  /** Gathers what is wrong with it, for the results. */
  readonly report: DatasetReport;
}

export interface FolderSearch {
  /** Folders that hold something else: results, labels. */
  readonly excluded: readonly string[];
  /** Whether the labels that the folder has are wanted. */
  readonly usesLabels: boolean;
}

/** Of no interest for a part of a data set, or said in other words. */
const UNTOLD: readonly DatasetReportCode[] = ["dataset.otherLayout", "dataset.empty"];
/** And where other labels were named. */
const ABOUT_LABELS: readonly DatasetReportCode[] = [
  ...UNTOLD,
  "dataset.labelMissing",
  "dataset.imageMissing",
  "dataset.folderMissing",
];

/**
 * The images of a folder in natural order, of a data set in its own.
 *
 * @throws AppError `input.missing`, `input.unreadable` (also for a folder without images)
 */
export async function folderInputs(
  folder: string,
  { excluded, usesLabels }: FolderSearch,
  { say, report }: FolderListening,
): Promise<RunInput[]> {
  const enclosing = await findEnclosingDataset(folder);
  const known = enclosing === null ? null : await listedBelow(enclosing, excluded);
  const isKnown = enclosing !== null && known !== null && known.items.length > 0;
  const place = isKnown ? enclosing : { root: folder, layout: await detectLayout(folder), below: "" };
  const { items, lines } = isKnown ? known : sorted(await listedBelow(place, excluded));
  const labelled = usesLabels ? items.filter(({ labelPath }) => labelPath !== null).length : 0;
  const counts = `${countText(items.length, "image")}, ${labelled} of them with labels`;
  if (isKnown && usesLabels) say(`"${folder}" is ${LAYOUTS[place.layout].name}: ${counts}.`);
  else if (labelled > 0) say(`"${folder}": ${counts} that lie beside them.`);
  const told = lines.filter(({ code }) => !(usesLabels ? UNTOLD : ABOUT_LABELS).includes(code));
  for (const { message } of told) say(message);
  report.addLines(told);
  const prefix = prefixOf(place);
  if (items.length > 0) {
    return items.map((item) => inputOfItem(usesLabels ? item : unlabelled(item), item.key.slice(prefix.length)));
  }
  const [line] = told;
  throw new AppError(
    "input.unreadable",
    `"${folder}" holds no images; name a folder with ${READ_FORMATS} files. ${line?.message ?? ""}`.trimEnd(),
  );
}

interface Place {
  readonly root: string;
  readonly layout: DatasetLayout;
  readonly below: string;
}

interface Listed {
  readonly items: readonly DatasetItem[];
  readonly lines: readonly DatasetReportLine[];
}

/** Of the part of the data set alone. */
async function listedBelow(place: Place, excluded: readonly string[]): Promise<Listed> {
  const prefix = prefixOf(place);
  const items: DatasetItem[] = [];
  const report = new DatasetReport();
  for await (const batch of listDataset(place.root, { layout: place.layout, report, excluded })) {
    items.push(...batch.filter(({ key }) => key.startsWith(prefix)));
  }
  return { items, lines: report.lines.filter(({ path }) => path.startsWith(prefix)) };
}

function prefixOf({ below }: Place): string {
  return below === "" ? "" : `${below}/`;
}

function sorted({ items, lines }: Listed): Listed {
  const byParts = (a: readonly string[], b: readonly string[]): number => {
    for (const [index, part] of a.entries()) {
      const other = b[index];
      if (other === undefined) return 1;
      const order = NATURAL.compare(part, other) || (part < other ? -1 : part > other ? 1 : 0);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  };
  return { items: items.toSorted((a, b) => byParts(a.key.split("/"), b.key.split("/"))), lines };
}

function unlabelled(item: DatasetItem): DatasetItem {
  return { ...item, labelPath: null, labelEncoding: null };
}

/** @param key  below the folder that was named */
export function inputOfItem({ imagePath, labelPath, labelEncoding }: DatasetItem, key: string): RunInput {
  return { path: imagePath, name: stemOf(key.replaceAll("/", sep)), labelPath, labelEncoding };
}
