// Reads a checkpoint file once, into one buffer, hashing the bytes as they pass.
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { damaged, wrongFormat } from "./checkpoint-error.ts";

/** A checkpoint file in memory; `bytes` starts at offset 0 of a buffer of its own. */
export interface CheckpointFile {
  readonly path: string;
  /** Without the folder; stands in messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Lower-case hex. */
  readonly sha256: string;
}

// A training of MiT-B5 keeps three networks of 85 million parameters and two moments of one: 1.7 GB.
const MAX_FILE_BYTES = 4 * 2 ** 30;
// Small enough that the hash still finds a chunk in the processor's cache.
const CHUNK_BYTES = 2 ** 20;

/**
 * @throws AppError `input.missing`, `input.unreadable`, `checkpoint.format` (larger than any checkpoint here),
 *         `checkpoint.damaged` (empty, or cut short while it is read)
 */
export async function readCheckpointFile(path: string): Promise<CheckpointFile> {
  const name = basename(path);
  const handle = await open(path, "r").catch((error: unknown) => {
    throw inputError(path, error);
  });
  try {
    return { path, name, ...(await readAll(handle, name)) };
  } catch (error) {
    throw inputError(path, error);
  } finally {
    await handle.close();
  }
}

async function readAll(handle: FileHandle, name: string): Promise<{ bytes: Uint8Array; sha256: string }> {
  const stat = await handle.stat();
  if (!stat.isFile()) throw new AppError("input.unreadable", `"${name}" is not a file; choose a checkpoint file.`);
  if (stat.size === 0) throw damaged(name, "the file is empty");
  if (stat.size > MAX_FILE_BYTES) {
    throw wrongFormat(name, `is ${stat.size} bytes long, more than the 4 GiB read here; export the state dict alone.`);
  }
  const bytes = new Uint8Array(stat.size);
  const hash = createHash("sha256");
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(CHUNK_BYTES, bytes.length - done), done);
    if (bytesRead === 0) throw damaged(name, `the file ended at byte ${done} of ${bytes.length} while it was read`);
    hash.update(bytes.subarray(done, done + bytesRead));
    done += bytesRead;
  }
  return { bytes, sha256: hash.digest("hex") };
}

function inputError(path: string, error: unknown): unknown {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new AppError("input.missing", `"${path}" does not exist; check the path of the checkpoint.`, {
      cause: error,
    });
  }
  const why = error instanceof Error ? error.message : String(error);
  return new AppError("input.unreadable", `"${path}" could not be read (${why}).`, { cause: error });
}
