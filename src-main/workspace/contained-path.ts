// Where a file of a dataset really is, and that it is inside the folder that was opened.
import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { AppError } from "../../src-shared/contract/errors.ts";

/**
 * @param below  the file's path below the folder, with "/"
 * @throws AppError `input.outside` when links lead out of the folder, `input.missing`, `input.unreadable`
 */
export async function containedPath(folder: string, below: string): Promise<string> {
  const path = join(folder, below);
  const [realFolder, realFile] = await Promise.all([real(folder, folder), real(path, folder)]);
  const way = relative(realFolder, realFile);
  if (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return realFile;
  throw new AppError(
    "input.outside",
    `"${path}" leads out of the opened folder to "${realFile}"; open the folder that the file is really in.`,
  );
}

async function real(path: string, folder: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
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
