// Reads a whole file the user named, and says clearly why when it cannot.
import { open } from "node:fs/promises";
import { AppError } from "../../src-shared/contract/errors.ts";

/**
 * @param maxBytes the largest file worth reading; checked before any memory is asked for
 * @throws AppError `input.missing` when there is no such file
 * @throws AppError `input.unreadable` when it is a folder, larger than maxBytes, or may not be read
 */
export async function readInputFile(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      if (size > maxBytes) {
        throw new AppError(
          "input.unreadable",
          `"${path}" is ${size} bytes long, more than the ${maxBytes} that are read; choose another file.`,
        );
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof AppError ? error : inputErrorFrom(path, error);
  }
}

/** The AppError that says in one sentence why `path` could not be read. */
export function inputErrorFrom(path: string, cause: unknown): AppError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new AppError("input.missing", `"${path}" is not there; check the path.`, { cause });
    case "EISDIR":
      return new AppError("input.unreadable", `"${path}" is a folder; name a file in it.`, { cause });
    case "EACCES":
    case "EPERM":
      return new AppError("input.unreadable", `"${path}" may not be read; check its permissions.`, { cause });
    default:
      return new AppError("input.unreadable", `"${path}" could not be read (${code}); try to copy it elsewhere.`, {
        cause,
      });
  }
}
