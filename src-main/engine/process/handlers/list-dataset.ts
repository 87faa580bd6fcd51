// Lists the images of a folder, batch by batch.
import { setTimeout as pause } from "node:timers/promises";
import { standBack } from "../../../files/stand-back.ts";
import { DatasetReport } from "../../datasets/dataset-report.ts";
import { listDataset as listItems } from "../../datasets/list-dataset.ts";
import type { Handler } from "../handler.ts";

const LOOK_EVERY_MS = 10;

/** After the first images: time for a window to show them, before the others take the cores. */
const FIRST_LOOK_MS = 400;

/** Stands back while somebody waits for a picture of what is listed already. */
export const listDataset: Handler<"listDataset"> = async ({ root, layout }, { signal, isAlone, tell }) => {
  const report = new DatasetReport();
  const options = { signal, report, ...(layout === undefined ? {} : { layout }) };
  let batches = 0;
  for await (const items of listItems(root, options)) {
    if (batches === 1) await pause(FIRST_LOOK_MS, undefined, { signal }).catch(() => undefined);
    await standBack({ isIdle: isAlone, lookEveryMs: LOOK_EVERY_MS, signal });
    tell({ type: "listed", items });
    batches += 1;
  }
  return report.lines;
};
