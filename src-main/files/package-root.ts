// Finds Acclimate's own folder, from its sources as well as from the built file.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { BugError } from "../../src-shared/contract/errors.ts";

const PACKAGE_NAME = "acclimate";

/** The folder of the package.json whose name is acclimate, upwards from `from`. */
export function packageRoot(from: string = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (packageName(join(folder, "package.json")) === PACKAGE_NAME) return folder;
    if (dirname(folder) === folder) throw new BugError(`no package.json of ${PACKAGE_NAME} above "${from}"`);
  }
}

/** The version in Acclimate's package.json. */
export function packageVersion(root: string = packageRoot()): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return version;
}

function packageName(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  return (JSON.parse(readFileSync(path, "utf8")) as { name?: string }).name;
}
