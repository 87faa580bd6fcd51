// What both torch containers give: the pickled value, and the bytes of each storage it names.
import type { PickleValue } from "../pickle/pickle-values.ts";
import type { StorageRef } from "./tensor-ref.ts";

export interface TorchArchive {
  readonly root: PickleValue;
  /** How many placeholders stand for each class or function that is not read. */
  readonly opaque: ReadonlyMap<string, number>;
  /** At least `sizeBytes` bytes, or AppError `checkpoint.damaged`. */
  readonly storageBytes: (storage: StorageRef) => Uint8Array;
}
