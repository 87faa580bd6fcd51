// Lists the images of a data set with their labels, batch by batch.
import type { DatasetItem, DatasetLayout } from "../../../src-shared/contract/dataset.ts";
import { CancelledError } from "../../../src-shared/contract/errors.ts";
import { DatasetReport } from "./dataset-report.ts";
import { DatasetTree } from "./dataset-tree.ts";
import { detectLayout, detectLayouts, findEnclosingDataset, requireFolder } from "./detect-layout.ts";
import { LAYOUTS } from "./layouts.ts";

/** Large enough that 100,000 items are few messages, small enough that each is short. */
const BATCH_ITEMS = 1000;

export interface ListOptions {
  /** Detected when it is not given. */
  readonly layout?: DatasetLayout;
  readonly signal?: AbortSignal | undefined;
  /** Folders that hold something else, such as results: they are not looked into. */
  readonly excluded?: readonly string[] | undefined;
  /** Hears what is wrong with the data set; complete when the last batch has come. */
  readonly report?: DatasetReport;
}

/**
 * The items in an order that is the same every time; the first batch comes with the first folder that is read. Faults
 * of the data set stop nothing: they are lines of the report. Nothing is written and no image is opened.
 *
 * @throws AppError `input.missing`, `input.unreadable` when the root is no folder
 * @throws CancelledError
 */
export async function* listDataset(root: string, options: ListOptions = {}): AsyncGenerator<DatasetItem[]> {
  const { signal, excluded, report = new DatasetReport() } = options;
  await requireFolder(root);
  const layout = options.layout ?? (await detectLayout(root));
  const tree = await DatasetTree.open(root, report, { signal, excluded });
  let count = 0;
  for await (const batch of inBatches(LAYOUTS[layout].list(tree))) {
    if (signal?.aborted) throw new CancelledError();
    count += batch.length;
    yield batch;
  }
  if (count === 0) {
    const { name } = LAYOUTS[layout];
    report.add("dataset.empty", root, (_, path) => `"${path}" holds no images of the layout "${name}".`);
  }
  await reportOtherLayouts(root, layout, report);
}

/** The first items come at once, all others in batches of about one size. */
async function* inBatches(folders: AsyncGenerator<DatasetItem[]>): AsyncGenerator<DatasetItem[]> {
  let waiting: DatasetItem[] = [];
  let isFirst = true;
  for await (const items of folders) {
    waiting = waiting.length === 0 ? items : [...waiting, ...items];
    let at = 0;
    while (waiting.length - at >= BATCH_ITEMS || (isFirst && waiting.length > at)) {
      yield waiting.slice(at, at + BATCH_ITEMS);
      at += BATCH_ITEMS;
      isFirst = false;
    }
    waiting = waiting.slice(at);
  }
  if (waiting.length > 0) yield waiting;
}

async function reportOtherLayouts(root: string, layout: DatasetLayout, report: DatasetReport): Promise<void> {
  if (layout === "images") {
    const enclosing = await findEnclosingDataset(root);
    if (enclosing === null) return;
    const { name } = LAYOUTS[enclosing.layout];
    const describe = (_: number, path: string) =>
      `This folder is a part of "${path}" (${name}); open that to have labels and splits.`;
    report.add("dataset.otherLayout", enclosing.root, describe);
    return;
  }
  for (const other of await detectLayouts(root)) {
    if (other === layout) continue;
    const describe = () => `The folder also holds ${LAYOUTS[other].name}, which is listed when that layout is chosen.`;
    report.add("dataset.otherLayout", root, describe, other);
  }
}
