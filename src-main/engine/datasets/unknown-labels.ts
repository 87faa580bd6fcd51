// What label files hold that is of no class: counted, named and told beside the figures that it touches.
import type { UnknownLabel, UnknownLabels } from "../../../src-shared/contract/unknown-labels.ts";
import type { DatasetEncoding } from "../../../src-shared/labels/dataset-tables.ts";

/** Of one label file. */
export interface FileUnknowns {
  readonly path: string;
  readonly encoding: DatasetEncoding;
  readonly unknown: readonly UnknownLabel[];
  /** Of the whole file. */
  readonly pixels: number;
}

/** Gathers them over many files. */
export class UnknownTally {
  readonly #values = new Map<string, { files: number; pixels: number }>();
  #first: FileUnknowns | undefined;
  #files = 0;
  #pixels = 0;
  #filePixels = 0;

  add(file: FileUnknowns): void {
    if (file.unknown.length === 0) return;
    this.#first ??= file;
    this.#files += 1;
    this.#filePixels += file.pixels;
    for (const { what, pixels } of file.unknown) {
      const value = this.#values.get(what) ?? { files: 0, pixels: 0 };
      this.#values.set(what, { files: value.files + 1, pixels: value.pixels + pixels });
      this.#pixels += pixels;
    }
  }

  /** Of the first file; null when all were understood. */
  get encoding(): DatasetEncoding | null {
    return this.#first?.encoding ?? null;
  }

  /** Null when all files were understood. */
  get total(): UnknownLabels | null {
    if (this.#first === undefined) return null;
    const values = [...this.#values]
      .map(([what, { files, pixels }]) => ({ what, files, pixels }))
      .toSorted((a, b) => b.pixels - a.pixels || (a.what < b.what ? -1 : 1));
    const [files, pixels, filePixels] = [this.#files, this.#pixels, this.#filePixels];
    return { files, pixels, filePixels, values, example: this.#first.path };
  }
}
