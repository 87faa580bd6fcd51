// Writes tensors in the two layouts of torch.save: the zip container, and the format before it.
import { writeFile } from "node:fs/promises";
import {
  bytesOfTensor,
  elementCount,
  type StateDict,
  type StateTensor,
  type TensorDType,
} from "../../src-main/engine/checkpoints/state-dict.ts";
import { orderedDict, PyCall, PyGlobal, PyPersistent, PyTuple, type PyValue, pickleBytes } from "./write-pickle.ts";
import { type ZipOptions, zipChunks } from "./write-zip.ts";

export interface TorchCheckpointOptions extends ZipOptions {
  /** What is pickled, given the state dict; the state dict itself when absent. */
  readonly wrap?: (stateDict: PyValue) => PyValue;
  /** Members besides the pickle and the storages, by path inside the archive's folder. */
  readonly extraMembers?: ReadonlyMap<string, Uint8Array>;
}

const STORAGE_NAMES: { readonly [D in TensorDType]: string } = {
  float64: "DoubleStorage",
  float32: "FloatStorage",
  float16: "HalfStorage",
  bfloat16: "BFloat16Storage",
  int64: "LongStorage",
  int32: "IntStorage",
  int16: "ShortStorage",
  int8: "CharStorage",
  uint8: "ByteStorage",
  bool: "BoolStorage",
};
const TORCH_ALIGNMENT = 64;

/** Writes a .pth as PyTorch 1.6 and later do, each tensor with a storage of its own. */
export async function writeTorchCheckpoint(
  path: string,
  tensors: StateDict,
  options: TorchCheckpointOptions = {},
): Promise<void> {
  await writeFile(path, torchZipChunks(tensors, options));
}

/** The same file as pieces; the tensors' bytes are not copied. */
export function torchZipChunks(tensors: StateDict, options: TorchCheckpointOptions = {}): Uint8Array[] {
  const { wrap = (stateDict) => stateDict, extraMembers = new Map(), ...zipOptions } = options;
  const pickle = pickleBytes(wrap(pickledStateDict(tensors, [])));
  const members = new Map([["archive/data.pkl", pickle]]);
  [...tensors.values()].forEach((tensor, index) => {
    members.set(`archive/data/${index}`, bytesOfTensor(tensor));
  });
  members.set("archive/version", Buffer.from("3\n"));
  for (const [name, bytes] of extraMembers) members.set(`archive/${name}`, bytes);
  return zipChunks(members, { alignment: TORCH_ALIGNMENT, hasDataDescriptors: true, ...zipOptions });
}

/** A .pth as PyTorch before 1.6 wrote it, as pieces. */
export function torchLegacyChunks(
  tensors: StateDict,
  { wrap = (stateDict) => stateDict }: Pick<TorchCheckpointOptions, "wrap"> = {},
): Uint8Array[] {
  const systemInfo = new Map<PyValue, PyValue>([
    ["protocol_version", 1001],
    ["little_endian", true],
  ]);
  const keys = [...tensors.keys()].map((_, index) => String(index));
  return [
    pickleBytes(0x1950a86a20f9469cfc6cn),
    pickleBytes(1001),
    pickleBytes(systemInfo),
    pickleBytes(wrap(pickledStateDict(tensors, [null]))),
    pickleBytes(keys),
    ...[...tensors.values()].flatMap((tensor) => [int64Bytes(tensor.data.length), bytesOfTensor(tensor)]),
  ];
}

/** @param idTail  what follows the element count in a storage's persistent id */
function pickledStateDict(tensors: StateDict, idTail: readonly PyValue[]): PyCall {
  const entries = [...tensors].map(([name, tensor], index) => {
    return [name, pickledTensor(tensor, String(index), idTail)] as const;
  });
  return orderedDict(new Map<PyValue, PyValue>(entries));
}

function pickledTensor({ dtype, shape, data }: StateTensor, key: string, idTail: readonly PyValue[]): PyCall {
  const type = new PyGlobal("torch", STORAGE_NAMES[dtype]);
  const storage = new PyPersistent(new PyTuple("storage", type, key, "cpu", data.length, ...idTail));
  const sizes = new PyTuple(...shape);
  const strides = new PyTuple(...shape.map((_, axis) => elementCount(shape.slice(axis + 1))));
  const hooks = orderedDict(new Map());
  const rebuild = new PyGlobal("torch._utils", "_rebuild_tensor_v2");
  return new PyCall(rebuild, [storage, 0, sizes, strides, false, hooks]);
}

function int64Bytes(value: number): Uint8Array {
  return new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
}
