// Lists the images of a folder, batch by batch.
import { DatasetReport } from "../../datasets/dataset-report.ts";
import { listDataset as listItems } from "../../datasets/list-dataset.ts";
import type { Handler } from "../handler.ts";

export const listDataset: Handler<"listDataset"> = async ({ root, layout }, { signal, tell }) => {
  const report = new DatasetReport();
  const options = { signal, report, ...(layout === undefined ? {} : { layout }) };
  for await (const items of listItems(root, options)) tell({ type: "listed", items });
  return report.lines;
};
