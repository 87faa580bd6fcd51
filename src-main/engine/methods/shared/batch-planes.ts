// The planes of a batch by name.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import type { Batch, Plane } from "../../training/samples/sample.ts";

/** @throws BugError when the batch has no such plane */
export function planeOf(batch: Batch, name: string): Plane {
  const plane = batch[name];
  if (plane === undefined) throw new BugError(`the batch has no plane "${name}"`);
  return plane;
}
