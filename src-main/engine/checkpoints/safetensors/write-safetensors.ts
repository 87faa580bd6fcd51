// Writes .safetensors, tensor by tensor.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import { writeFileAtomically } from "../../../files/write-file-atomically.ts";
import { bytesOfTensor, elementBytes, elementCount, type StateDict, type StateTensor } from "../state-dict.ts";
import { SAFETENSORS_NAMES } from "./dtype-names.ts";

const LENGTH_BYTES = 8;
const ALIGNMENT = 8; // so that the data, which starts after the header, can be mapped as 8-byte elements
const SPACE = 0x20;

/**
 * Writes the tensors under their names; the header keeps the map's order. Needs no memory beyond the tensors' own.
 *
 * @throws AppError `output.diskFull`, `output.unwritable`; then no file is left behind
 */
export async function writeSafetensors(
  path: string,
  tensors: StateDict,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomically(path, safetensorsPieces(tensors, metadata));
}

/** The bytes of such a file, piece by piece, for a writer that writes several files together. */
export function* safetensorsPieces(
  tensors: StateDict,
  metadata: Readonly<Record<string, string>> = {},
): Generator<Uint8Array> {
  // Wide elements first: as every size is a power of two, all tensors are then aligned, which other readers rely on.
  const ordered = [...tensors].toSorted(([, a], [, b]) => elementBytes(b.dtype) - elementBytes(a.dtype));
  const offsets = new Map<string, readonly [number, number]>();
  let position = 0;
  for (const [name, tensor] of ordered) {
    const begin = position;
    position += checkedBytes(name, tensor).length;
    offsets.set(name, [begin, position]);
  }
  yield headerBytes(tensors, offsets, metadata);
  for (const [, tensor] of ordered) yield bytesOfTensor(tensor);
}

function checkedBytes(name: string, tensor: StateTensor): Uint8Array {
  const bytes = bytesOfTensor(tensor);
  if (bytes.length !== elementCount(tensor.shape) * elementBytes(tensor.dtype)) {
    throw new BugError(`tensor "${name}" has ${bytes.length} bytes for ${tensor.dtype} [${tensor.shape}]`);
  }
  return bytes;
}

function headerBytes(
  tensors: StateDict,
  offsets: ReadonlyMap<string, readonly [number, number]>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries = [...tensors].map(([name, { dtype, shape }]) => {
    return [name, { dtype: SAFETENSORS_NAMES[dtype], shape, data_offsets: offsets.get(name) }] as const;
  });
  const hasMetadata = Object.keys(metadata).length > 0;
  const header = Object.fromEntries([...(hasMetadata ? [["__metadata__", metadata] as const] : []), ...entries]);
  const json = new TextEncoder().encode(JSON.stringify(header));
  const paddedLength = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(LENGTH_BYTES + paddedLength).fill(SPACE);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(paddedLength), true);
  bytes.set(json, LENGTH_BYTES);
  return bytes;
}
