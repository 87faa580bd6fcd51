// Why a file could not be written, in one sentence.
import { dirname } from "node:path";
import { AppError } from "../../src-shared/contract/errors.ts";

/**
 * The AppError that says why `path` could not be written; what no file system said stays as it is.
 *
 * @param folder  that was to be written to, or made
 */
export function outputErrorFrom(path: string, cause: unknown, folder: string = dirname(path)): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (!/^E[A-Z0-9]+$/.test(code)) return cause;
  const refused = (errorCode: "output.unwritable" | "output.diskFull", reason: string): AppError =>
    new AppError(errorCode, `"${path}" could not be written: ${reason}`, { cause });
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return diskFullError(path, cause, folder);
    case "EFBIG":
      return refused(
        "output.diskFull",
        `the disk of the folder "${folder}" takes no file that large (EFBIG); choose another folder, or raise the limit.`,
      );
    case "ENOENT":
      return refused("output.unwritable", `the folder "${folder}" does not exist; create it, or choose another.`);
    case "ENOTDIR":
      return refused("output.unwritable", `"${folder}" is not a folder; choose another.`);
    case "EACCES":
    case "EPERM":
      return refused(
        "output.unwritable",
        `the folder "${folder}" may not be written; check its permissions, or choose another.`,
      );
    case "EROFS":
      return refused("output.unwritable", `the folder "${folder}" is on a read-only disk; choose another.`);
    case "EISDIR":
      return refused("output.unwritable", "there is a folder of that name; choose another name.");
    default:
      return refused(
        "output.unwritable",
        `the disk of the folder "${folder}" reported ${code}; choose another folder.`,
      );
  }
}

export function diskFullError(path: string, cause?: unknown, folder: string = dirname(path)): AppError {
  const message = `"${path}" could not be written: no space is left for the folder "${folder}"; free some, or choose another folder.`;
  return new AppError("output.diskFull", message, { cause });
}
