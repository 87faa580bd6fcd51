// Datasets for the server: folders opened, listed in the background, watched, and their images asked for.

import { stat } from "node:fs/promises";
import { basename, isAbsolute, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ViewsConfig } from "../../../src-shared/contract/adaptation-config.ts";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import type { Style } from "../../../src-shared/contract/style.ts";
import type { Dataset, ImageItem, ImagePage, ImageQuery } from "../../../src-shared/contract/workbench/datasets.ts";
import type { WorkbenchEvent } from "../../../src-shared/contract/workbench/events.ts";
import type { DatasetId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { labelSetOf, type WithClasses } from "../../../src-shared/labels/label-set-data.ts";
import { sampleFolder } from "../../jobs/sample-files.ts";
import type { CheckpointStore } from "../../workspace/checkpoint-store.ts";
import type { DatasetStore } from "../../workspace/dataset-store.ts";
import { newId } from "../../workspace/new-id.ts";
import type { PyramidCache } from "../../workspace/pyramid-cache.ts";
import type { ThumbnailCache } from "../../workspace/thumbnail-cache.ts";
import type { Content, DatasetService } from "../services.ts";
import { Coalescer } from "./coalesce.ts";
import type { DatasetBackground } from "./dataset-background.ts";
import { ImageContent } from "./image-content.ts";
import { listDatasetFolder } from "./list-dataset-folder.ts";
import { PhotoContent } from "./photo-content.ts";
import { readPresentClasses } from "./read-present-classes.ts";

export interface DatasetsParts {
  readonly workspace: {
    readonly datasets: DatasetStore;
    readonly thumbnails: ThumbnailCache;
    readonly pyramids: PyramidCache;
    readonly checkpoints: Pick<CheckpointStore, "list">;
  };
  readonly background: DatasetBackground;
  readonly publish: (event: WorkbenchEvent) => void;
  /** Of the built-in sample. */
  readonly sampleFolder?: string;
}

/** Four times a second: what counts up looks alive, and a window is not kept busy. */
const TELL_EVERY_MS = 250;
const LOOK_EVERY_MS = 5000;
/** As long a list of datasets waits for folders to answer: one on a network that is gone may take minutes. */
const LOOK_AT_MOST_MS = 200;
const SWEEP_PAUSE_MS = 20;

export class Datasets implements DatasetService {
  readonly #store: DatasetStore;
  readonly #parts: DatasetsParts;
  readonly #sampleFolder: string;
  readonly #content: ImageContent;
  readonly #photos: PhotoContent;
  readonly #changes: Coalescer<DatasetId>;
  /** Of each dataset that is being listed or looked into. */
  readonly #work = new Map<DatasetId, AbortController>();
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(parts: DatasetsParts) {
    this.#parts = parts;
    this.#sampleFolder = parts.sampleFolder ?? sampleFolder();
    const { datasets, thumbnails, pyramids } = parts.workspace;
    this.#store = datasets;
    this.#changes = new Coalescer(TELL_EVERY_MS, (id) => this.#publish(id));
    this.#content = new ImageContent(datasets, thumbnails, parts.background, (id) => this.#changes.changed(id));
    this.#photos = new PhotoContent(datasets, pyramids, parts.background, this.#content);
  }

  /** Goes on with what the last program left unfinished, and watches whether folders are there. */
  start(): void {
    for (const { id, listing, isSample, path, layout, layoutName } of this.#store.list()) {
      // The sample moves with the program: another version, another folder.
      if (isSample && path !== this.#sampleFolder) {
        this.#store.update(id, { path: this.#sampleFolder, layout, layoutName });
      }
      if (listing.status === "listing") this.#list(id);
      else this.#readClasses(id);
    }
    this.#sweep();
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const work of this.#work.values()) work.abort();
    this.#changes.close();
  }

  /** The sample that comes with the program. */
  async openSampleDataset(): Promise<Dataset> {
    const known = this.#store.list().find(({ isSample }) => isSample);
    return known ?? this.#add(this.#sampleFolder, { name: "Sample", isSample: true });
  }

  async list(): Promise<Dataset[]> {
    await Promise.race([this.#look(), pause(LOOK_AT_MOST_MS)]);
    return this.#store.list();
  }

  async open(path: string): Promise<Dataset> {
    if (!isAbsolute(path)) {
      throw new AppError("input.option", `"${path}" is not a whole path; give it from the root of the disk on.`);
    }
    const folder = resolve(path);
    const known = this.#store.findByPath(folder);
    if (known === undefined) return this.#add(folder, { name: basename(folder) || folder, isSample: false });
    return known.listing.status === "failed" || !known.isAvailable ? this.rescan(known.id) : known;
  }

  async rescan(id: DatasetId): Promise<Dataset> {
    const { path } = this.#store.get(id);
    const { layout, layoutName } = await this.#parts.background.request("detectDataset", { root: path });
    this.#store.update(id, { path, layout, layoutName });
    this.#store.setAvailable(id, true);
    return this.#list(id);
  }

  async remove(id: DatasetId): Promise<void> {
    this.#store.remove(id);
    this.#work.get(id)?.abort();
    this.#changes.forget(id);
    this.#parts.publish({ type: "datasetRemoved", datasetId: id });
    this.#sweep();
    await this.#parts.workspace.thumbnails.forget(id);
    await this.#parts.workspace.pyramids.forget(id);
  }

  async images(query: ImageQuery): Promise<ImagePage> {
    return this.#store.images(query);
  }

  async imageIds(query: ImageQuery): Promise<ImageId[]> {
    return this.#store.imageIds(query);
  }

  async image(id: ImageId): Promise<ImageItem> {
    const image = this.#store.image(id);
    if (image.size !== null) return image;
    // Making the thumbnail tells the size. An image that can't be read says so where its pixels are asked for.
    await this.thumbnail(id).catch(() => undefined);
    return this.#store.image(id);
  }

  /** Where the image file is, for whoever reads it. @throws AppError `input.outside`, `input.missing` */
  imagePath(id: ImageId): Promise<string> {
    return this.#content.imagePath(id);
  }

  pixels(id: ImageId): Promise<Content> {
    return this.#content.pixels(id);
  }

  photo(id: ImageId): Promise<Content> {
    return this.#photos.photo(id);
  }

  photoReady(id: ImageId): Promise<void> {
    return this.#photos.ready(id);
  }

  photoTile(id: ImageId, level: number, column: number, row: number): Promise<Content> {
    return this.#photos.tile(id, level, column, row);
  }

  thumbnail(id: ImageId): Promise<Content> {
    return this.#content.thumbnail(id);
  }

  /** The label set with this key: one that a number says, or that of a checkpoint. @throws AppError `workspace.unknown` */
  #classesOf(key: string): WithClasses {
    if (/^\d+$/.test(key)) return { numClasses: Number(key) };
    for (const { numClasses, labelSet } of this.#parts.workspace.checkpoints.list()) {
      if (numClasses === null || labelSet === undefined) continue;
      if (labelSetOf({ numClasses, labelSet }).key === key) return { numClasses, labelSet };
    }
    throw new AppError("workspace.unknown", "No open checkpoint has these classes; open the checkpoint's file again.");
  }

  groundTruth(id: ImageId, classes: string): Promise<Content> {
    return this.#content.groundTruth(id, this.#classesOf(classes));
  }

  view(id: ImageId, index: number, views: ViewsConfig): Promise<Content> {
    return this.#content.view(id, index, views);
  }

  stylized(id: ImageId, styleId: ImageId, how: Style): Promise<Content> {
    return this.#content.stylized(id, styleId, how);
  }

  async #add(path: string, { name, isSample }: { name: string; isSample: boolean }): Promise<Dataset> {
    const { layout, layoutName } = await this.#parts.background.request("detectDataset", { root: path });
    const meanwhile = this.#store.findByPath(path); // two windows opened it at the same moment
    if (meanwhile !== undefined) return meanwhile;
    const { id } = this.#store.add({ id: newId(), name, path, layout, layoutName, isSample });
    return this.#list(id);
  }

  /** Begins to list, unless that goes on already. */
  #list(id: DatasetId): Dataset {
    const isListing = this.#store.get(id).listing.status === "listing" && this.#work.has(id);
    if (isListing) return this.#store.get(id);
    const before = this.#store.get(id);
    this.#store.beginListing(id);
    this.#do(id, async (signal) => {
      const { background } = this.#parts;
      let isFirst = true;
      await listDatasetFolder(before, {
        store: this.#store,
        background,
        signal,
        isIdle: () => this.#content.isIdle,
        onItems: () => {
          // The first images are waited for, the others are counted up.
          if (isFirst) this.#changes.ended(id);
          else this.#changes.changed(id);
          isFirst = false;
        },
      });
      this.#changes.ended(id);
      await this.#lookInto(id, signal);
    });
    this.#changes.ended(id);
    return this.#store.get(id);
  }

  #readClasses(id: DatasetId): void {
    this.#do(id, (signal) => this.#lookInto(id, signal));
  }

  #lookInto(id: DatasetId, signal: AbortSignal): Promise<void> {
    return readPresentClasses(id, {
      store: this.#store,
      background: this.#parts.background,
      signal,
      isIdle: () => this.#content.isIdle,
      onClasses: () => this.#changes.changed(id),
    });
  }

  /** One thing at a time for each dataset: a new listing ends the reading of classes. */
  #do(id: DatasetId, work: (signal: AbortSignal) => Promise<void>): void {
    this.#work.get(id)?.abort();
    const stop = new AbortController();
    this.#work.set(id, stop);
    work(stop.signal)
      .catch((error: unknown) => this.#tellFailure(error))
      .finally(() => {
        if (this.#work.get(id) === stop) this.#work.delete(id);
      });
  }

  #tellFailure(error: unknown): void {
    if (this.#isClosed || error instanceof CancelledError) return;
    // Forgotten in the middle.
    if (error instanceof AppError && error.code === "workspace.unknown") return;
    const message = error instanceof Error ? error.message : String(error);
    this.#parts.publish({ type: "noticed", level: "error", message });
  }

  /** One look at a time: a folder that does not answer is not asked again and again. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookAtFolders().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookAtFolders(): Promise<void> {
    await Promise.all(
      this.#store.list().map(async ({ id, path, isAvailable }) => {
        const isThere = await stat(path).then(
          (found) => found.isDirectory(),
          () => false,
        );
        if (this.#isClosed || isThere === isAvailable || this.#store.find(id) === undefined) return;
        this.#store.setAvailable(id, isThere);
        this.#changes.ended(id);
        if (isThere && !this.#work.has(id)) this.#readClasses(id);
      }),
    );
  }

  async #sweep(): Promise<void> {
    while (!this.#isClosed && this.#store.sweep()) await pause(SWEEP_PAUSE_MS);
  }

  #publish(id: DatasetId): void {
    const dataset = this.#store.find(id);
    if (dataset !== undefined) this.#parts.publish({ type: "datasetChanged", dataset });
  }
}
