// The folders of a data set as its layout sees them: paths below the root, links followed, faults reported.
import type { Dirent } from "node:fs";
import { opendir, readdir, realpath, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { CancelledError } from "../../../src-shared/contract/errors.ts";
import { counted, type DatasetReport } from "./dataset-report.ts";

export interface FolderContent {
  /** Names, sorted by code unit, without hidden ones. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

const EMPTY: FolderContent = { files: [], folders: [] };
/** Enough to meet a typical name behind a few strange ones. */
const SNIFFED_ENTRIES = 64;

/** Everything is read only, and every path is relative to the root and has slashes on every system. */
export class DatasetTree {
  /** As it was given. */
  readonly root: string;
  /** What the root folder is called. */
  readonly name: string;
  readonly report: DatasetReport;
  readonly #signal: AbortSignal | undefined;
  /** The folder that was read last: those who walk a tree and those who pair its files ask one after the other. */
  #last: { readonly relative: string; readonly content: FolderContent } | undefined;

  constructor(root: string, report: DatasetReport, signal?: AbortSignal) {
    this.root = root;
    this.name = basename(resolve(root));
    this.report = report;
    this.#signal = signal;
  }

  path(relative: string): string {
    return join(this.root, relative);
  }

  async hasFolder(relative: string): Promise<boolean> {
    return stat(this.path(relative)).then(
      (found) => found.isDirectory(),
      () => false,
    );
  }

  async hasFile(relative: string): Promise<boolean> {
    return stat(this.path(relative)).then(
      (found) => found.isFile(),
      () => false,
    );
  }

  /** A few names in a folder, unsorted, without reading all of it; none when it is not there. */
  async sniff(relative: string): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const { name } of await opendir(this.path(relative))) {
        if (!name.startsWith(".")) names.push(name);
        if (names.length === SNIFFED_ENTRIES) break;
      }
    } catch {
      // Sniffing decides nothing but what a folder looks like; whoever lists it will say what is wrong.
    }
    return names;
  }

  /**
   * What a folder holds; nothing, with a line in the report, when it may not be read. A folder that is not there holds
   * nothing either, and is no fault in itself.
   *
   * @throws CancelledError
   */
  async read(relative: string): Promise<FolderContent> {
    if (this.#signal?.aborted) throw new CancelledError();
    if (this.#last?.relative !== relative) this.#last = { relative, content: await this.#readNow(relative) };
    return this.#last.content;
  }

  async #readNow(relative: string): Promise<FolderContent> {
    let entries: Dirent[];
    try {
      entries = await readdir(this.path(relative), { withFileTypes: true });
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
      if (code !== "ENOENT" && code !== "ENOTDIR") this.#reportUnreadable(relative, code);
      return EMPTY;
    }
    const files: string[] = [];
    const folders: string[] = [];
    for (const entry of entries) {
      if (entry.name.startsWith(".")) continue;
      const found = entry.isSymbolicLink() ? await this.#follow(joined(relative, entry.name)) : entry;
      if (found?.isFile()) files.push(entry.name);
      if (found?.isDirectory()) folders.push(entry.name);
    }
    return { files: files.sort(), folders: folders.sort() };
  }

  /** The folder and all below it, parents first; a folder that links lead to twice comes once. */
  async *foldersBelow(
    relative: string,
    isLeftOut: (path: string, siblings: readonly string[]) => boolean = () => false,
  ): AsyncGenerator<string> {
    const seen = new Set<string>();
    const waiting = [relative];
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const real = await realpath(this.path(path)).catch(() => undefined);
      if (real === undefined || seen.has(real)) continue;
      seen.add(real);
      const { folders } = await this.read(path);
      yield path;
      const below = folders.map((name) => joined(path, name));
      waiting.unshift(...below.filter((folder) => !isLeftOut(folder, folders)));
    }
  }

  reportMissingFolder(relative: string, holds: string): void {
    this.report.add(
      "dataset.folderMissing",
      relative,
      (_, path) => `"${path}" is not there, the folder of ${holds}; items that need it are listed without.`,
      relative,
    );
  }

  #reportUnreadable(relative: string, code: string): void {
    const describe = (count: number, path: string) =>
      `${counted(count, "folder")} could not be read (${code}), such as "${path}"; check the permissions.`;
    this.report.add("dataset.folderUnreadable", relative === "" ? this.root : relative, describe, code);
  }

  async #follow(relative: string) {
    const found = await stat(this.path(relative)).catch(() => undefined);
    if (found === undefined) {
      const describe = (count: number, path: string) =>
        `${counted(count, "link")} such as "${path}" ${count === 1 ? "leads" : "lead"} nowhere and ${count === 1 ? "is" : "are"} left out.`;
      this.report.add("dataset.linkBroken", relative, describe);
    }
    return found;
  }
}

/** A path of parts that may be empty. */
export function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("/");
}
