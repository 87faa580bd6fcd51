// Which failures are the file's own: they are listed with the dataset, and not tried again by themselves.
import { isFaultOfFile } from "../../../src-shared/contract/file-faults.ts";
import type { ImageFault } from "../../workspace/image-faults.ts";

export function faultOfFile(error: unknown): ImageFault | null {
  return isFaultOfFile(error) ? { code: error.code, message: error.message } : null;
}
