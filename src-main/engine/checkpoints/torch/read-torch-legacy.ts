// Reads the format torch.save wrote before 1.6: five pickles in a row, then each storage with its length.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { damaged, quoted, wrongFormat } from "../checkpoint-error.ts";
import { OpaqueObject, PickleTuple, type PickleValue } from "../pickle/pickle-values.ts";
import { type PickleRules, readPickle } from "../pickle/read-pickle.ts";
import type { CheckpointFile } from "../read-file.ts";
import { looksLikeSafetensors } from "../safetensors/read-safetensors.ts";
import { elementBytes } from "../state-dict.ts";
import { alignInPlace } from "./align-in-place.ts";
import { heaviestOpaque, opaqueRefusal } from "./find-state-dict.ts";
import { StorageRef } from "./tensor-ref.ts";
import type { TorchArchive } from "./torch-archive.ts";
import { TORCH_PICKLE_RULES } from "./torch-globals.ts";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;
const LENGTH_BYTES = 8;
const FIRST_OPCODE = 0x80; // PROTO, since pickle protocol 2

/** Whether the bytes begin like a pickle of protocol 2 or later, and not like a safetensors file with a header of 128 bytes, or 384. */
export function looksLikePickle(bytes: Uint8Array): boolean {
  return bytes[0] === FIRST_OPCODE && !looksLikeSafetensors(bytes);
}

/**
 * Moves bytes inside `file.bytes`, so that every storage starts aligned.
 *
 * @throws AppError `checkpoint.format` (a pickle, but not torch's), `checkpoint.damaged`, `checkpoint.hostile`
 */
export function readTorchLegacy(file: CheckpointFile): TorchArchive {
  const storages = new Map<string, StorageRef>();
  const rules = collectingRules(file.name, storages);
  let position = 0;
  const nextPickle = () => {
    const source = { fileName: file.name, bytes: file.bytes, start: position, end: file.bytes.length };
    const pickle = readPickle(source, rules);
    position = pickle.end;
    return pickle;
  };
  const next = () => nextPickle().value;

  requireMagic(file.name, next);
  const protocol = next();
  if (protocol !== PROTOCOL) throw damaged(file.name, `the format's version is not ${PROTOCOL}`);
  requireLittleEndian(file.name, next());
  const { value: root, opaque } = nextPickle();
  const keys = next();
  const bytesByKey = readStorages(file, position, keys, storages);
  return {
    root,
    opaque,
    storageBytes: ({ key }) => {
      const bytes = bytesByKey.get(key);
      if (bytes === undefined) throw damaged(file.name, `storage ${quoted(key)} is missing`);
      return bytes;
    },
  };
}

/** Storages have no directory here: what is known of their lengths comes from the pickle. */
function collectingRules(fileName: string, storages: Map<string, StorageRef>): PickleRules {
  return {
    globals: TORCH_PICKLE_RULES.globals,
    persistent: (id, context) => {
      const storage = TORCH_PICKLE_RULES.persistent(id, context);
      if (storage instanceof OpaqueObject) {
        const why = `holds numbers of type ${quoted(storage.global.name)}, whose length this old format does not say`;
        throw wrongFormat(fileName, `${why}; save it again with PyTorch 1.6 or newer.`);
      }
      if (!(storage instanceof StorageRef)) return storage;
      const known = storages.get(storage.key);
      if (known !== undefined && known.sizeBytes !== storage.sizeBytes) {
        throw damaged(fileName, `storage ${quoted(storage.key)} has two lengths`);
      }
      storages.set(storage.key, storage);
      return storage;
    },
  };
}

/** The first pickle is torch's magic number; any other one is somebody else's. */
function requireMagic(fileName: string, next: () => PickleValue): void {
  const stranger = "is a pickle, but not one of torch.save; export the state dict with torch.save.";
  try {
    const value = next();
    if (value === MAGIC) return;
    const asked = heaviestOpaque(value, []);
    if (asked !== null) throw opaqueRefusal(fileName, asked.global);
  } catch (error) {
    if (error instanceof AppError && error.code === "checkpoint.hostile") throw error;
    throw wrongFormat(fileName, stranger);
  }
  throw wrongFormat(fileName, stranger);
}

function requireLittleEndian(fileName: string, systemInfo: PickleValue): void {
  const isLittleEndian = systemInfo instanceof Map ? systemInfo.get("little_endian") : undefined;
  if (isLittleEndian === true) return;
  if (isLittleEndian !== false) throw damaged(fileName, "the byte order is not said");
  throw wrongFormat(
    fileName,
    "holds big-endian numbers, which are not read; save it again on a little-endian machine.",
  );
}

function readStorages(
  file: CheckpointFile,
  start: number,
  keys: PickleValue,
  storages: ReadonlyMap<string, StorageRef>,
): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  const bytesByKey = new Map<string, Uint8Array>();
  let position = start;
  for (const key of storageKeys(file.name, keys)) {
    const storage = storages.get(key);
    if (storage === undefined || bytesByKey.has(key)) throw damaged(file.name, `storage ${quoted(key)} is unexpected`);
    const dataStart = position + LENGTH_BYTES;
    if (dataStart > file.bytes.length) throw damaged(file.name, `the file ends before storage ${quoted(key)}`);
    const elements = Number(view.getBigInt64(position, true));
    const sizeBytes = elements * (storage.dtype === null ? 1 : elementBytes(storage.dtype));
    if (sizeBytes !== storage.sizeBytes) {
      throw damaged(file.name, `storage ${quoted(key)} has ${sizeBytes} bytes, ${storage.sizeBytes} are needed`);
    }
    if (dataStart + sizeBytes > file.bytes.length) throw damaged(file.name, `the file ends in storage ${quoted(key)}`);
    bytesByKey.set(key, alignInPlace(file.bytes, dataStart, sizeBytes));
    position = dataStart + sizeBytes;
  }
  return bytesByKey;
}

function storageKeys(fileName: string, keys: PickleValue): readonly string[] {
  const items = keys instanceof PickleTuple ? keys.items : keys;
  if (!Array.isArray(items) || !items.every((key) => typeof key === "string")) {
    throw damaged(fileName, "the list of storages is missing");
  }
  return items;
}
