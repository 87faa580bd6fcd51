// Reads the zip container torch.save writes since 1.6: one pickle, and one stored member for each storage.
import { damaged, quoted, wrongFormat } from "../checkpoint-error.ts";
import { type ReadPickle, readPickle } from "../pickle/read-pickle.ts";
import type { CheckpointFile } from "../read-file.ts";
import { readZipDirectory, readZipMember, type ZipDirectory } from "../zip/read-zip.ts";
import { alignInPlace } from "./align-in-place.ts";
import type { TorchArchive } from "./torch-archive.ts";
import { TORCH_PICKLE_RULES } from "./torch-globals.ts";

const PICKLE_NAME = "data.pkl";

/**
 * Reads the pickle; storages follow on demand, as views where they are stored. May move bytes inside `file.bytes`.
 *
 * @throws AppError `checkpoint.format`, `checkpoint.damaged`, `checkpoint.hostile`
 */
export function readTorchZip(file: CheckpointFile): TorchArchive {
  const members = readZipDirectory(file.name, file.bytes);
  const folder = rootFolder(file.name, members);
  requireLittleEndian(file, members, folder);
  const { value, opaque } = readPickleMember(file, members, folder);
  return { root: value, opaque, storageBytes: storageReader(file, members, folder) };
}

/** All members lie in one folder, named after the file or "archive". */
function rootFolder(fileName: string, members: ZipDirectory): string {
  const pickles = [...members.keys()].filter((name) => name.split("/").at(-1) === PICKLE_NAME);
  const [pickle] = pickles;
  if (pickle === undefined) {
    throw wrongFormat(fileName, `is a zip archive without ${PICKLE_NAME}, so no PyTorch checkpoint.`);
  }
  if (pickles.length > 1) throw damaged(fileName, `the archive has ${pickles.length} members called ${PICKLE_NAME}`);
  const folder = pickle.slice(0, -PICKLE_NAME.length);
  if (members.has(`${folder}constants.pkl`)) {
    throw wrongFormat(fileName, "is a TorchScript program, not a checkpoint; export the state dict with torch.save.");
  }
  return folder;
}

function requireLittleEndian(file: CheckpointFile, members: ZipDirectory, folder: string): void {
  const member = members.get(`${folder}byteorder`);
  if (member === undefined) return; // writers before 2.1 had little-endian machines in mind
  const order = Buffer.from(readZipMember(file.name, file.bytes, member)).toString("latin1");
  if (order === "big") {
    throw wrongFormat(
      file.name,
      "holds big-endian numbers, which are not read; save it again on a little-endian machine.",
    );
  }
  if (order !== "little") throw damaged(file.name, `the byte order is ${quoted(order)}`);
}

function readPickleMember(file: CheckpointFile, members: ZipDirectory, folder: string): ReadPickle {
  const member = members.get(`${folder}${PICKLE_NAME}`);
  if (member === undefined) throw damaged(file.name, `${PICKLE_NAME} is missing`);
  const bytes = readZipMember(file.name, file.bytes, member);
  // Stored, the pickle is read in place, so that messages count bytes from the beginning of the file.
  const isInPlace = bytes.buffer === file.bytes.buffer;
  const start = isInPlace ? member.dataOffset : 0;
  const source = { fileName: file.name, bytes: isInPlace ? file.bytes : bytes, start, end: start + bytes.length };
  return readPickle(source, TORCH_PICKLE_RULES);
}

function storageReader(file: CheckpointFile, members: ZipDirectory, folder: string): TorchArchive["storageBytes"] {
  const read = new Map<string, Uint8Array>();
  return ({ key, sizeBytes }) => {
    const bytes = read.get(key) ?? readStorage(file, members, `${folder}data/${key}`);
    read.set(key, bytes);
    if (bytes.length < sizeBytes) {
      throw damaged(file.name, `storage ${quoted(key)} has ${bytes.length} bytes, ${sizeBytes} are needed`);
    }
    return bytes;
  };
}

function readStorage(file: CheckpointFile, members: ZipDirectory, name: string): Uint8Array {
  const member = members.get(name);
  if (member === undefined) throw damaged(file.name, `storage ${quoted(name)} is missing`);
  const bytes = readZipMember(file.name, file.bytes, member);
  return bytes.buffer === file.bytes.buffer ? alignInPlace(file.bytes, member.dataOffset, bytes.length) : bytes;
}
