// Pixels of datasets' images: the files themselves where a browser shows them, otherwise what the background process makes.
import { open, stat } from "node:fs/promises";
import type { ViewsConfig } from "../../../src-shared/contract/adaptation-config.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { Style } from "../../../src-shared/contract/style.ts";
import type { DatasetId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { STYLIZED_PX, THUMBNAIL_PX } from "../../../src-shared/contract/workbench/routes.ts";
import type { WithClasses } from "../../../src-shared/labels/label-set-data.ts";
import { containedPath } from "../../workspace/contained-path.ts";
import type { DatasetStore, ImageFiles } from "../../workspace/dataset-store.ts";
import type { ImageFault } from "../../workspace/image-faults.ts";
import type { ThumbnailCache } from "../../workspace/thumbnail-cache.ts";
import type { Content } from "../services.ts";
import type { DatasetBackground } from "./dataset-background.ts";
import { faultOfFile } from "./fault-of-file.ts";
import { NewestFirst } from "./newest-first.ts";
import { SNIFFED_BYTES, type SniffedImage, sniffImage } from "./sniff-image.ts";

/** Fewer than the process takes at a time, so that a view or a checkpoint does not wait behind a screen of them. */
const PARALLEL_THUMBNAILS = 4;

export class ImageContent {
  readonly #store: DatasetStore;
  readonly #thumbnails: ThumbnailCache;
  readonly #background: DatasetBackground;
  readonly #onFault: (id: DatasetId) => void;
  readonly #queue = new NewestFirst(PARALLEL_THUMBNAILS);
  /** Being made: two windows on one folder ask for the same. */
  readonly #making = new Map<ImageId, Promise<Content>>();

  /** @param onFault  a file of this dataset turned out to be damaged, or to be whole again */
  constructor(
    store: DatasetStore,
    thumbnails: ThumbnailCache,
    background: DatasetBackground,
    onFault: (id: DatasetId) => void,
  ) {
    this.#onFault = onFault;
    this.#store = store;
    this.#thumbnails = thumbnails;
    this.#background = background;
  }

  /** Whether nobody waits for a thumbnail. */
  get isIdle(): boolean {
    return this.#making.size === 0;
  }

  /** @throws AppError `input.outside`, `input.missing`, `workspace.unknown` */
  imagePath(id: ImageId): Promise<string> {
    const { root, key }: ImageFiles = this.#store.files(id);
    return containedPath(root, key);
  }

  async pixels(id: ImageId): Promise<Content> {
    const path = await this.imagePath(id);
    const sniffed = await sniff(path);
    if (sniffed !== null && !sniffed.isReadOtherwise) return { kind: "file", path, type: sniffed.type };
    const { bytes } = await this.#background.request("pixels", { path });
    return { kind: "bytes", bytes, type: "image/png" };
  }

  thumbnail(id: ImageId): Promise<Content> {
    const making = this.#making.get(id) ?? this.#thumbnail(id).finally(() => this.#making.delete(id));
    this.#making.set(id, making);
    return making;
  }

  async groundTruth(id: ImageId, { numClasses, labelSet }: WithClasses): Promise<Content> {
    const { root, key, labels } = this.#store.files(id);
    if (labels === null) throw new AppError("input.missing", `"${key}" has no labels; choose an image that has some.`);
    const [imagePath, path] = await Promise.all([containedPath(root, key), containedPath(root, labels.path)]);
    const input = { imagePath, path, encoding: labels.encoding, numClasses, ...(labelSet && { labelSet }) };
    const { bytes } = await this.#background.request("groundTruth", input);
    return { kind: "bytes", bytes, type: "application/octet-stream" };
  }

  async view(id: ImageId, index: number, views: ViewsConfig): Promise<Content> {
    const path = await this.imagePath(id);
    const { bytes } = await this.#background.request("view", { path, index, views });
    return { kind: "bytes", bytes, type: "image/webp" };
  }

  async stylized(id: ImageId, styleId: ImageId, how: Style): Promise<Content> {
    const [path, stylePath] = await Promise.all([this.imagePath(id), this.imagePath(styleId)]);
    const { bytes } = await this.#background.request("stylize", { path, stylePath, how, maxPx: STYLIZED_PX });
    return { kind: "bytes", bytes, type: "image/webp" };
  }

  #note(id: ImageId, fault: ImageFault | null): void {
    if (this.#store.setFault(id, "image", fault)) this.#onFault(this.#store.files(id).datasetId);
  }

  async #thumbnail(id: ImageId): Promise<Content> {
    const { datasetId } = this.#store.files(id);
    const path = await this.imagePath(id);
    const { mtimeMs, size: sizeBytes } = await stat(path);
    const version = { datasetId, path, mtimeMs, sizeBytes };
    const cached = await this.#thumbnails.find(version);
    if (cached !== null) return { kind: "file", path: cached, type: "image/webp" };
    const request = () => this.#background.request("thumbnail", { path, maxPx: THUMBNAIL_PX });
    const { bytes, size } = await this.#queue.run(request).catch((error: unknown) => {
      const fault = faultOfFile(error);
      if (fault !== null) this.#note(id, fault);
      throw error;
    });
    this.#store.setSize(id, size);
    this.#note(id, null);
    // A full disk is told where something is lost by it; a thumbnail is made again.
    await this.#thumbnails.add(version, bytes).catch(() => undefined);
    void this.#thumbnails.makeRoom().catch(() => undefined);
    return { kind: "bytes", bytes, type: "image/webp" };
  }
}

async function sniff(path: string): Promise<SniffedImage | null> {
  const file = await open(path).catch((cause) => {
    throw new AppError("input.unreadable", `"${path}" can't be read; check its permissions.`, { cause });
  });
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(SNIFFED_BYTES), position: 0 });
    return sniffImage(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
