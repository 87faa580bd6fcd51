// Opens either container of torch.save, told apart by its first bytes.
import type { CheckpointFile } from "../read-file.ts";
import { looksLikeZip } from "../zip/read-zip.ts";
import { looksLikePickle, readTorchLegacy } from "./read-torch-legacy.ts";
import { readTorchZip } from "./read-torch-zip.ts";
import type { TorchArchive } from "./torch-archive.ts";

export interface TorchFile {
  readonly format: "torch-zip" | "torch-legacy";
  readonly archive: TorchArchive;
}

/**
 * @returns  null for a file that is neither
 * @throws AppError `checkpoint.format`, `checkpoint.damaged`, `checkpoint.hostile`
 */
export function readTorch(file: CheckpointFile): TorchFile | null {
  if (looksLikeZip(file.bytes)) return { format: "torch-zip", archive: readTorchZip(file) };
  return looksLikePickle(file.bytes) ? { format: "torch-legacy", archive: readTorchLegacy(file) } : null;
}
