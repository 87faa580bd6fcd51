// Lists the images of a folder, batch by batch.
import { setTimeout as pause } from "node:timers/promises";
import { DatasetReport } from "../../datasets/dataset-report.ts";
import { listDataset as listItems } from "../../datasets/list-dataset.ts";
import type { Handler } from "../handler.ts";

/** Between two looks whether somebody waits for this process, and how long a batch stands back at most. */
const LOOK_EVERY_MS = 10;
const STAND_BACK_AT_MOST_MS = 300;

/** After the first images: time for a window to show them, before the others take the cores. */
const FIRST_LOOK_MS = 400;

/** Stands back while somebody waits for a picture of what is listed already. */
export const listDataset: Handler<"listDataset"> = async ({ root, layout }, { signal, isAlone, tell }) => {
  const report = new DatasetReport();
  const options = { signal, report, ...(layout === undefined ? {} : { layout }) };
  let batches = 0;
  for await (const items of listItems(root, options)) {
    if (batches === 1) await pause(FIRST_LOOK_MS, undefined, { signal }).catch(() => undefined);
    const latest = performance.now() + STAND_BACK_AT_MOST_MS;
    while (!isAlone() && performance.now() < latest && !signal.aborted) await pause(LOOK_EVERY_MS);
    tell({ type: "listed", items });
    batches += 1;
  }
  return report.lines;
};
