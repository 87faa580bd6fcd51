// Turns a torch archive's dicts into tensors; bytes are looked at when a tensor's values are asked for.
import { damaged } from "../checkpoint-error.ts";
import type { StateDict, StateTensor } from "../state-dict.ts";
import { largestDict, type PlainValues, type TensorDict, tensorDicts } from "./find-state-dict.ts";
import { type CopyAllowance, materializeTensor } from "./materialize-tensor.ts";
import type { TensorRef } from "./tensor-ref.ts";
import type { TorchArchive } from "./torch-archive.ts";

// Strided tensors are copied. Real ones add up to less than the file; small files may expand a little more.
const MIN_COPY_BYTES = 64 * 2 ** 20;

/**
 * The dict with the most tensors, read.
 *
 * @param fileBytes  size of the whole file
 * @throws AppError `checkpoint.format` (no tensors in it), `checkpoint.damaged`, `checkpoint.hostile`
 */
export function stateDictFromArchive(
  fileName: string,
  fileBytes: number,
  archive: TorchArchive,
): { stateDict: StateDict; metadata: PlainValues } {
  const { tensors, metadata } = largestDict(fileName, tensorDicts(archive.root), archive.root);
  return { stateDict: read(unreadTensors(fileName, fileBytes, archive)({ tensors })), metadata };
}

/** Tensors whose values are read when they are first asked for; then AppError `checkpoint.damaged` may be thrown. */
export function unreadTensors(
  fileName: string,
  fileBytes: number,
  archive: TorchArchive,
): (dict: Pick<TensorDict, "tensors">) => StateDict {
  const allowance = copyAllowanceFor(fileBytes);
  return ({ tensors }) =>
    new Map(
      [...tensors].map(([name, ref]) => {
        let known: StateTensor | null = null;
        const tensor: StateTensor = {
          dtype: ref.dtype,
          shape: ref.shape,
          get data() {
            known ??= tensorFromArchive(fileName, name, ref, archive, allowance);
            return known.data;
          },
        };
        return [name, tensor];
      }),
    );
}

/** The same tensors with their values. */
export function read(stateDict: StateDict): StateDict {
  return new Map([...stateDict].map(([name, { dtype, shape, data }]) => [name, { dtype, shape, data }]));
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
