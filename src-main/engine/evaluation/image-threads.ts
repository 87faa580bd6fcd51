// Reads and scores images on two other threads: ONNX Runtime for Node keeps the one that calls it until it has computed.

import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import type { ModelClasses } from "../../../src-shared/labels/label-sets.ts";
import { Thread } from "../threads/thread.ts";
import type { ReadImage } from "./read-image.ts";
import type { ScoredImage, ScoringRequest } from "./score-image.ts";

/** The program beside this file; in the built program both are bundled, into one folder. */
const PROGRAM = new URL(import.meta.url.endsWith(".ts") ? "image-worker.ts" : "image-worker.js", import.meta.url);

export type ImageRequest =
  | { readonly type: "read"; readonly item: DatasetItem; readonly model: ModelClasses }
  | (ScoringRequest & { readonly type: "score" });

export type ImageAnswer = ReadImage | ScoredImage;

export class ImageThreads {
  readonly #reading = new Thread<ImageRequest, ImageAnswer>(PROGRAM, null);
  readonly #scoring = new Thread<ImageRequest, ImageAnswer>(PROGRAM, null);

  /** @throws AppError those of readImage */
  async read(item: DatasetItem, model: ModelClasses): Promise<ReadImage> {
    return (await this.#reading.ask({ type: "read", item, model })) as ReadImage;
  }

  /** Takes the scores over: they are not to be used here afterwards. @throws AppError those of scoreImage */
  async score(request: ScoringRequest): Promise<ScoredImage> {
    const transfer = [request.scores.scores.buffer];
    return (await this.#scoring.ask({ ...request, type: "score" }, transfer)) as ScoredImage;
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#reading.dispose(), this.#scoring.dispose()]);
  }
}
