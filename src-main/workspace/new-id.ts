// Makes the names of things in a workspace: opaque and unguessable.
import { createHash, randomBytes } from "node:crypto";
import type { DatasetId, ImageId } from "../../src-shared/contract/workbench/ids.ts";

const ID_BYTES = 15; // 120 bits: nobody guesses one

/** Small letters and digits, as the contract wants them; the caller says of what, such as `newId<RunId>()`. */
export function newId<Id extends string>(): Id {
  return randomBytes(ID_BYTES).toString("hex") as Id;
}

/** The same for the same key of the same dataset, so that listing a folder again keeps its images' ids. */
export function imageIdFor(datasetId: DatasetId, key: string): ImageId {
  const hash = createHash("sha256").update(datasetId).update("\0").update(key).digest("hex");
  return hash.slice(0, 2 * ID_BYTES) as ImageId;
}
