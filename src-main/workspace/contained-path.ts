// Where a file of a dataset really is, and that it is inside the folder that was opened.
import { join } from "node:path";
import { AppError } from "../../src-shared/contract/errors.ts";
import { outsideError } from "../../src-shared/contract/outside-error.ts";
import { type RealPath, realPathBelow } from "../files/real-path-below.ts";

/**
 * @param below  the file's path below the folder, with "/"
 * @throws AppError `input.outside` when links lead out of the folder, `input.missing`, `input.unreadable`
 */
export async function containedPath(folder: string, below: string): Promise<string> {
  const { path, isInside } = await real(folder, below);
  if (isInside) return path;
  throw outsideError(join(folder, below), path);
}

async function real(folder: string, below: string): Promise<RealPath> {
  try {
    return await realPathBelow(folder, below);
  } catch (cause) {
    const path = join(folder, below);
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") {
      const message = `"${path}" is not there any more; connect its disk, or list "${folder}" again.`;
      throw new AppError("input.missing", message, { cause });
    }
    throw new AppError("input.unreadable", `"${path}" can't be read (${String(code)}); check its permissions.`, {
      cause,
    });
  }
}
