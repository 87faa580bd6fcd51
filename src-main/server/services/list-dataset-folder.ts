// Lists a dataset's folder into the workspace while windows watch; what is there stays until the listing is complete.
import { relative, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { DatasetItem, DatasetLayout, DatasetReportLine } from "../../../src-shared/contract/dataset.ts";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import type { Failure } from "../../../src-shared/contract/results.ts";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { standBack } from "../../files/stand-back.ts";
import type { DatasetStore, ListedItem } from "../../workspace/dataset-store.ts";
import type { DatasetBackground } from "./dataset-background.ts";

const LOOK_EVERY_MS = 20;

export interface ListingOptions {
  readonly store: DatasetStore;
  readonly background: DatasetBackground;
  readonly signal: AbortSignal;
  /** Whether nobody waits for a picture now. */
  readonly isIdle: () => boolean;
  /** After every batch. */
  readonly onItems: () => void;
}

/**
 * The dataset's listing has begun, and ends here: complete, or failed with a sentence.
 *
 * @throws CancelledError when the signal says so: the dataset then still says that it is being listed
 */
export async function listDatasetFolder(before: Dataset, options: ListingOptions): Promise<void> {
  const { store } = options;
  const failure = await listAll(before, options).then(
    (report) => endOf(before, report, store),
    (error: unknown) => failureFrom(error),
  );
  if (failure !== null) store.failListing(before.id, failure);
}

async function listAll(dataset: Dataset, options: ListingOptions): Promise<DatasetReportLine[]> {
  const { background, signal } = options;
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const input = { root: dataset.path, layout: dataset.layout as DatasetLayout };
  let adding: Promise<void> = Promise.resolve();
  try {
    const report = await background.request("listDataset", input, {
      signal: either,
      onEvent: ({ items }) => {
        // A failure, such as a full disk, ends the listing: it has nowhere to go.
        adding = adding.then(() => addBatch(dataset, items, options, either)).catch((error) => stop.abort(error));
      },
    });
    await adding;
    either.throwIfAborted(); // the last batch came before the background heard of it
    return report;
  } catch (error) {
    if (signal.aborted) throw new CancelledError();
    throw stop.signal.aborted ? stop.signal.reason : error;
  }
}

/** Stands back while pictures are waited for: each batch keeps the server busy for some 20 ms. */
async function addBatch(
  { id, path }: Dataset,
  items: readonly DatasetItem[],
  { store, isIdle, onItems }: ListingOptions,
  signal: AbortSignal,
): Promise<void> {
  await setImmediate();
  await standBack({ isIdle, lookEveryMs: LOOK_EVERY_MS, signal });
  if (signal.aborted) return;
  store.addItems(
    id,
    items.map((item) => itemBelow(path, item)),
  );
  onItems();
}

/** A folder that suddenly holds nothing is more likely a disk that is not mounted than one that was emptied. */
function endOf(before: Dataset, report: readonly DatasetReportLine[], store: DatasetStore): Failure | null {
  const { listing } = store.get(before.id);
  if (listing.status === "listing" && listing.found === 0 && before.imageCount > 0) {
    const message = `"${before.path}" holds no images any more, the known ones are kept; connect its disk, or remove the dataset.`;
    return { code: "dataset.empty", message };
  }
  store.completeListing(
    before.id,
    report.map(({ code, message, count }) => ({ code, message, count })),
  );
  return null;
}

function failureFrom(error: unknown): Failure {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  throw error instanceof CancelledError ? error : new Error("listing a dataset failed", { cause: error });
}

function itemBelow(root: string, { key, labelPath, labelEncoding, split, tags }: DatasetItem): ListedItem {
  const below = labelPath === null ? null : relative(root, labelPath).replaceAll(sep, "/");
  return { key, labelPath: below, labelEncoding, split, tags };
}
