// The folders of a data set as its layout sees them: paths below the root, links followed, faults reported.
import type { Dirent } from "node:fs";
import { opendir, readdir, realpath, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { CancelledError } from "../../../src-shared/contract/errors.ts";
import { type ArchiveFolders, archiveFolders } from "./archive-folders.ts";
import { counted, type DatasetReport } from "./dataset-report.ts";

export interface FolderContent {
  /** Names, sorted by code unit, without hidden ones. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

const EMPTY: FolderContent = { files: [], folders: [] };
/** Enough to meet a typical name behind a few strange ones. */
const SNIFFED_ENTRIES = 64;

export interface TreeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Folders that hold something else, such as results: they are not there. */
  readonly excluded?: readonly string[] | undefined;
}

/**
 * Everything is read only, and every path is relative to the root and has slashes on every system. Where the archives of a
 * data set were each unpacked into a folder of its own, their parts appear in the root; `real` says where a file really is.
 */
export class DatasetTree {
  /** As it was given. */
  readonly root: string;
  /** What the root folder is called. */
  readonly name: string;
  readonly report: DatasetReport;
  readonly #signal: AbortSignal | undefined;
  readonly #excluded: ReadonlySet<string>;
  readonly #archives: ArchiveFolders;
  /** Of files and folders in parts that several archives share: the archive. */
  readonly #archiveOf = new Map<string, string>();
  /** The folder that was read last: those who walk a tree and those who pair its files ask one after the other. */
  #last: { readonly relative: string; readonly content: FolderContent } | undefined;

  private constructor(root: string, report: DatasetReport, archives: ArchiveFolders, options: TreeOptions) {
    this.root = root;
    this.name = basename(resolve(root));
    this.report = report;
    this.#archives = archives;
    this.#signal = options.signal;
    this.#excluded = new Set((options.excluded ?? []).map((folder) => resolve(folder)));
  }

  static async open(root: string, report: DatasetReport, options: TreeOptions = {}): Promise<DatasetTree> {
    return new DatasetTree(root, report, await archiveFolders(root), options);
  }

  /** Whether parts of the data set lie in several folders of archives, this one among them. */
  hasArchive(name: string): boolean {
    const folders = new Set([...this.#archives.values()].flat());
    return folders.size > 1 && folders.has(name);
  }

  path(relative: string): string {
    return this.absolute(this.real(relative));
  }

  /** Of a path that is real already. */
  absolute(real: string): string {
    return join(this.root, real);
  }

  /** Where a path really is below the root. */
  real(relative: string): string {
    const archive = this.#archiveOf.get(relative) ?? this.#archivesFor(relative)[0];
    return archive === undefined ? relative : joined(archive, relative);
  }

  /** The archives that may hold a path; none as a rule. */
  #archivesFor(relative: string): readonly string[] {
    if (this.#archives.size === 0) return [];
    const slash = relative.indexOf("/");
    return this.#archives.get(slash < 0 ? relative : relative.slice(0, slash)) ?? [];
  }

  /** All real places of a path. */
  #places(relative: string): string[] {
    const archives = this.#archivesFor(relative);
    if (archives.length === 0) return [relative];
    return archives.map((archive) => joined(archive, relative));
  }

  async hasFolder(relative: string): Promise<boolean> {
    const isFolder = (real: string) =>
      stat(this.absolute(real)).then(
        (found) => found.isDirectory(),
        () => false,
      );
    return (await Promise.all(this.#places(relative).map(isFolder))).includes(true);
  }

  async hasFile(relative: string): Promise<boolean> {
    return stat(this.path(relative)).then(
      (found) => found.isFile(),
      () => false,
    );
  }

  /** A few names in a folder, unsorted, without reading all of it; none when it is not there. */
  async sniff(relative: string): Promise<string[]> {
    const names: string[] = relative === "" ? [...this.#archives.keys()] : [];
    for (const real of this.#places(relative)) {
      try {
        for await (const { name } of await opendir(this.absolute(real))) {
          if (!name.startsWith(".")) names.push(name);
          if (names.length >= SNIFFED_ENTRIES) break;
        }
      } catch {
        // Sniffing decides nothing but what a folder looks like; whoever lists it will say what is wrong.
      }
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
    if (this.#last?.relative !== relative) this.#last = { relative, content: await this.#readAll(relative) };
    return this.#last.content;
  }

  async #readAll(relative: string): Promise<FolderContent> {
    const archives = this.#archivesFor(relative);
    if (archives.length === 0) return this.#readNow(relative);
    const files: string[] = [];
    const folders = new Set<string>();
    for (const archive of archives) {
      const found = await this.#readNow(joined(archive, relative));
      for (const name of found.files) {
        if (archives.length > 1) this.#archiveOf.set(joined(relative, name), archive);
        files.push(name);
      }
      for (const name of found.folders) folders.add(name);
    }
    return { files: files.sort(), folders: [...folders].sort() };
  }

  async #readNow(relative: string): Promise<FolderContent> {
    if (this.#excluded.has(resolve(this.absolute(relative)))) return EMPTY;
    let entries: Dirent[];
    try {
      entries = await readdir(this.absolute(relative), { withFileTypes: true });
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
    const found = await stat(this.absolute(relative)).catch(() => undefined);
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
