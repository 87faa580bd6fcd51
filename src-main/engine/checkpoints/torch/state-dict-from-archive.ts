// Turns a torch archive into tensors: finds the weights in it and reads just those.
import { damaged } from "../checkpoint-error.ts";
import type { StateDict, StateTensor } from "../state-dict.ts";
import { type FoundStateDict, findStateDict } from "./find-state-dict.ts";
import { type CopyAllowance, materializeTensor } from "./materialize-tensor.ts";
import type { TensorRef } from "./tensor-ref.ts";
import type { TorchArchive } from "./torch-archive.ts";

// Strided tensors are copied. Real ones add up to less than the file; small files may expand a little more.
const MIN_COPY_BYTES = 64 * 2 ** 20;

/**
 * @param fileBytes  size of the whole file
 * @throws AppError `checkpoint.format` (no tensors in it), `checkpoint.damaged`
 */
export function stateDictFromArchive(
  fileName: string,
  fileBytes: number,
  archive: TorchArchive,
): { stateDict: StateDict; metadata: FoundStateDict["metadata"] } {
  const { tensors, metadata } = findStateDict(fileName, archive.root);
  const allowance = copyAllowanceFor(fileBytes);
  const stateDict = new Map<string, StateTensor>();
  for (const [name, ref] of tensors) {
    stateDict.set(name, tensorFromArchive(fileName, name, ref, archive, allowance));
  }
  return { stateDict, metadata };
}

export function copyAllowanceFor(fileBytes: number): CopyAllowance {
  return { leftBytes: Math.max(MIN_COPY_BYTES, fileBytes) };
}

/** @throws AppError `checkpoint.damaged` */
export function tensorFromArchive(
  fileName: string,
  tensorName: string,
  ref: TensorRef,
  archive: TorchArchive,
  allowance: CopyAllowance,
): StateTensor {
  const storage = archive.storageBytes(ref.storage);
  if (storage.length < ref.storage.sizeBytes) throw damaged(fileName, "a storage is shorter than its tensors");
  return materializeTensor(fileName, tensorName, ref, storage, allowance);
}
