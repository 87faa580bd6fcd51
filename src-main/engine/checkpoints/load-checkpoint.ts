// Opens a checkpoint of any format read here, told apart by its first bytes, never by its extension.
import { wrongFormat } from "./checkpoint-error.ts";
import { type CheckpointFile, readCheckpointFile } from "./read-file.ts";
import { looksLikeSafetensors, parseSafetensors } from "./safetensors/read-safetensors.ts";
import type { StateDict } from "./state-dict.ts";
import { looksLikePickle, readTorchLegacy } from "./torch/read-torch-legacy.ts";
import { readTorchZip } from "./torch/read-torch-zip.ts";
import { stateDictFromArchive } from "./torch/state-dict-from-archive.ts";
import { looksLikeZip } from "./zip/read-zip.ts";

export type CheckpointFormat = "torch-zip" | "torch-legacy" | "safetensors";

export interface Checkpoint {
  readonly path: string;
  readonly format: CheckpointFormat;
  /** Of the whole file, lower-case hex. */
  readonly sha256: string;
  /** Of the whole file. */
  readonly sizeBytes: number;
  /** Names without `module.`, which a wrapped network puts before every one. */
  readonly stateDict: StateDict;
  /** Plain values beside the weights of a training checkpoint (epoch, best score), or safetensors' `__metadata__`. */
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Reads a PyTorch (.pth, zip or legacy) or safetensors checkpoint as data; nothing in it is executed.
 *
 * @throws AppError `input.missing`, `input.unreadable`, `checkpoint.format`, `checkpoint.damaged`, `checkpoint.hostile`
 */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  return parseCheckpoint(await readCheckpointFile(path));
}

/** The same for a file that has been read. Takes over `file.bytes`: tensors become views of it. */
export function parseCheckpoint(file: CheckpointFile): Checkpoint {
  const { format, stateDict, metadata } = parse(file);
  return {
    path: file.path,
    format,
    sha256: file.sha256,
    sizeBytes: file.bytes.length,
    stateDict: detachedFromLargeFile(withoutModulePrefix(stateDict), file.bytes),
    metadata,
  };
}

function parse(file: CheckpointFile): Pick<Checkpoint, "format" | "stateDict" | "metadata"> {
  const { name, bytes } = file;
  if (looksLikeZip(bytes)) {
    return { format: "torch-zip", ...stateDictFromArchive(name, bytes.length, readTorchZip(file)) };
  }
  if (looksLikePickle(bytes)) {
    return { format: "torch-legacy", ...stateDictFromArchive(name, bytes.length, readTorchLegacy(file)) };
  }
  if (looksLikeSafetensors(bytes)) {
    const { tensors, metadata } = parseSafetensors(file);
    if (tensors.size === 0) throw wrongFormat(name, "holds no tensors; save the network's state dict.");
    return { format: "safetensors", stateDict: tensors, metadata };
  }
  throw wrongFormat(name, strangerDescription(bytes));
}

/** What a file that is no checkpoint seems to be. */
function strangerDescription(bytes: Uint8Array): string {
  const beginning = Buffer.from(bytes.subarray(0, 512)).toString("latin1");
  if (/^(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|\?xml|!--)/i.test(beginning)) {
    return "looks like a web page, as a failed download leaves; download the checkpoint again.";
  }
  if (beginning.startsWith("version https://git-lfs")) {
    return "is a Git LFS pointer, not the checkpoint itself; fetch it with git lfs pull.";
  }
  if (beginning.slice(257, 262) === "ustar") {
    return "is a tar archive, as PyTorch before 0.1.10 wrote; save the state dict again with a newer PyTorch.";
  }
  return "is neither a PyTorch checkpoint (.pth) nor a safetensors file; choose another file.";
}

const PREFIX = "module.";

function withoutModulePrefix(stateDict: StateDict): StateDict {
  const names = [...stateDict.keys()];
  if (!names.every((name) => name.startsWith(PREFIX))) return stateDict;
  return new Map([...stateDict].map(([name, tensor]) => [name.slice(PREFIX.length), tensor]));
}

/** A view keeps the whole file in memory. Where most of it is not weights (optimizer state), they are copied out. */
function detachedFromLargeFile(stateDict: StateDict, fileBytes: Uint8Array): StateDict {
  const usedBytes = [...stateDict.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  if (usedBytes > fileBytes.length / 2) return stateDict;
  return new Map([...stateDict].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]));
}
