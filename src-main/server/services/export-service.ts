// Exports: planned, then written by the background process one after another; told while they are.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import type { ExportedFile, ExportJob } from "../../../src-shared/contract/export-job.ts";
import type { Failure } from "../../../src-shared/contract/results.ts";
import type { WorkbenchEvent } from "../../../src-shared/contract/workbench/events.ts";
import type { Export, ExportPlan, ExportRequest } from "../../../src-shared/contract/workbench/exports.ts";
import type { ExportId } from "../../../src-shared/contract/workbench/ids.ts";
import { makeFolders } from "../../files/make-folders.ts";
import { newId } from "../../workspace/new-id.ts";
import type { Content, ExportService } from "../services.ts";
import { type ExportSources, isRecomputed, type PlannedExport, planExport } from "./plan-export.ts";
import type { Preflight } from "./preflight.ts";

export interface ExportParts {
  readonly sources: ExportSources;
  /** Where downloads are kept until the program ends. */
  readonly downloads: string;
  /** Writes the files, telling each. @throws AppError, CancelledError */
  readonly write: (job: ExportJob, onFile: (file: ExportedFile) => void, signal: AbortSignal) => Promise<void>;
  readonly preflight: Pick<Preflight, "ofExport">;
  readonly publish: (event: WorkbenchEvent) => void;
}

const ARCHIVE = "acclimate-export.zip";
/** Downloads whose files are kept; the user has had those before. */
const DOWNLOADS_KEPT = 5;
/** Between two events about a running export: thousands of files end fast. */
const TELL_EVERY_MS = 200;
/** Problems named when an export is refused; the plan has them all. */
const PROBLEMS_NAMED = 3;

interface Entry {
  state: Export;
  readonly folder: string;
  readonly stop: AbortController;
}

export class Exports implements ExportService {
  readonly #parts: ExportParts;
  readonly #entries = new Map<ExportId, Entry>();
  #last: Promise<void> = Promise.resolve();

  /** Clears what an earlier start of the program left for download. */
  static async open(parts: ExportParts): Promise<Exports> {
    await rm(parts.downloads, { recursive: true, force: true });
    return new Exports(parts);
  }

  private constructor(parts: ExportParts) {
    this.#parts = parts;
  }

  async plan(request: ExportRequest): Promise<ExportPlan> {
    const planned = await this.#planned(request, request.folder ?? this.#parts.downloads);
    const { files, problems } = planned;
    return { files, problems, warnings: await this.#checkRoom(planned, true) };
  }

  async start(request: ExportRequest, isForced = false): Promise<Export> {
    const id = newId<ExportId>();
    const folder = request.folder ?? join(this.#parts.downloads, id);
    const planned = await this.#planned(request, folder);
    if (planned.problems.length > 0) throw refused(planned.problems);
    await this.#checkRoom(planned, isForced);
    const { palette, overlayOpacity } = request;
    const isDownload = request.folder === null;
    const job = { folder, archive: isDownload ? ARCHIVE : null, palette, overlayOpacity, runs: planned.runs };
    const state: Export = {
      id,
      status: "running",
      folder: request.folder,
      files: [],
      total: planned.files.length,
      error: null,
    };
    const entry = { state, folder, stop: new AbortController() };
    this.#entries.set(id, entry);
    if (isDownload) await this.#dropOldDownloads();
    this.#last = this.#last.then(() => this.#run(entry, job));
    return state;
  }

  async get(id: ExportId): Promise<Export> {
    return this.#entry(id).state;
  }

  async cancel(id: ExportId): Promise<void> {
    this.#entry(id).stop.abort();
  }

  async file(id: ExportId, name: string | null): Promise<Content> {
    const { state, folder } = this.#entry(id);
    const isMade = state.folder === null && state.status === "finished";
    const isKnown = name === null || state.files.some((file) => file.name === name);
    if (!isMade || !isKnown) {
      throw new AppError("input.missing", `This export has no ${name === null ? "archive" : `file "${name}"`}.`);
    }
    const type = contentType(name ?? ARCHIVE);
    return { kind: "file", path: join(folder, name ?? ARCHIVE), type };
  }

  /** Stops what is being written, and waits for it. */
  async close(): Promise<void> {
    for (const { stop } of this.#entries.values()) stop.abort();
    await this.#last;
  }

  async #checkRoom({ runs, disk }: PlannedExport, isForced: boolean): Promise<string[]> {
    if (disk === null) return [];
    const repeated = runs.filter(({ files }) => files.some(({ format }) => isRecomputed(format)));
    return this.#parts.preflight.ofExport(
      repeated.map(({ run }) => run),
      disk,
      isForced,
    );
  }

  #planned(request: ExportRequest, folder: string): Promise<PlannedExport> {
    return planExport(request, folder, this.#parts.sources);
  }

  async #run(entry: Entry, job: ExportJob): Promise<void> {
    let toldAt = 0;
    const onFile = (file: ExportedFile): void => {
      entry.state = { ...entry.state, files: [...entry.state.files, file] };
      if (performance.now() - toldAt < TELL_EVERY_MS) return;
      toldAt = performance.now();
      this.#tell(entry);
    };
    try {
      await makeFolders(this.#parts.downloads);
      // It may have been cancelled while it waited, or just now.
      if (entry.stop.signal.aborted) throw new CancelledError();
      await this.#parts.write(job, onFile, entry.stop.signal);
      entry.state = { ...entry.state, status: "finished" };
    } catch (error) {
      const isCancelled = error instanceof CancelledError;
      entry.state = {
        ...entry.state,
        status: isCancelled ? "cancelled" : "failed",
        error: isCancelled ? null : failureOf(error),
      };
    }
    this.#tell(entry);
  }

  #tell({ state }: Entry): void {
    this.#parts.publish({ type: "exportChanged", export: state });
  }

  #entry(id: ExportId): Entry {
    const entry = this.#entries.get(id);
    if (entry !== undefined) return entry;
    throw new AppError("workspace.unknown", `No export has the id ${id}; exports are forgotten when the program ends.`);
  }

  async #dropOldDownloads(): Promise<void> {
    const downloads = [...this.#entries].filter(([, { state }]) => state.folder === null && state.status !== "running");
    for (const [id, { folder }] of downloads.slice(0, Math.max(0, downloads.length - DOWNLOADS_KEPT))) {
      this.#entries.delete(id);
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function refused(problems: readonly string[]): AppError {
  const more = problems.length - PROBLEMS_NAMED;
  const named = problems.slice(0, PROBLEMS_NAMED).join(" ");
  return new AppError("input.option", more > 0 ? `${named} And ${more} more.` : named);
}

function failureOf(error: unknown): Failure {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  return { code: "bug", message: error instanceof Error ? error.message : String(error) };
}

function contentType(name: string): string {
  const types: Readonly<Record<string, string>> = {
    png: "image/png",
    csv: "text/csv; charset=utf-8",
    json: "application/json",
    html: "text/html; charset=utf-8",
    zip: "application/zip",
  };
  return types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
}
