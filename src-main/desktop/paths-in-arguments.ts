// The files and folders that a command line names, as another program or the file manager starts us with.
import { isAbsolute, resolve } from "node:path";

/**
 * Absolute paths, in order.
 *
 * @param argv      as the system gives it: the program first and, unless packaged, its folder second
 * @param isPackaged  whether the program is a packaged one
 * @param folder    what relative paths are relative to
 */
export function pathsInArguments(argv: readonly string[], isPackaged: boolean, folder: string): string[] {
  return argv
    .slice(isPackaged ? 1 : 2)
    .filter((argument) => argument !== "" && !argument.startsWith("-"))
    .map((path) => (isAbsolute(path) ? path : resolve(folder, path)));
}
