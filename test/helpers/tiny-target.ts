// A target small enough for tests: a few street-like pictures in a folder, with maps of their classes.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeLabelPng, encodeRgbPng } from "../../src-main/engine/images/encode-png.ts";
import type { LabelMap } from "../../src-main/engine/images/rgb-image.ts";
import { createRandom } from "../../src-main/engine/random.ts";

export interface TinyTarget {
  readonly folder: string;
  /** Files of the images, in order. */
  readonly paths: readonly string[];
  /** Their names below the folder. */
  readonly names: readonly string[];
}

/** Height and width. */
export const TINY_SIZE = [64, 128] as const;

/** Noise of changing brightness: what is in the pictures does not matter. */
export async function writeTarget(folder: string, count = 3): Promise<TinyTarget> {
  const [height, width] = TINY_SIZE;
  mkdirSync(folder, { recursive: true });
  const names = Array.from({ length: count }, (_, k) => `street_${k}_leftImg8bit.png`);
  for (const [k, name] of names.entries()) {
    const random = createRandom(k);
    const data = Uint8Array.from({ length: 3 * width * height }, () => random.integer(200) + 20 * k);
    writeFileSync(join(folder, name), await encodeRgbPng({ width, height, data }));
  }
  return { folder, paths: names.map((name) => join(folder, name)), names };
}

/** Left half one class, right half another. */
export function halves(left: number, right: number, [height, width]: readonly [number, number] = TINY_SIZE): LabelMap {
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? left : right)),
  };
}

export async function writeLabels(path: string, labels: LabelMap): Promise<void> {
  writeFileSync(path, await encodeLabelPng(labels));
}

/** A NumPy file of float32. */
export function writeNpy(path: string, shape: readonly number[], data: Float32Array): void {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, padded.length & 0xff, padded.length >> 8]);
  writeFileSync(path, Buffer.concat([start, Buffer.from(padded, "latin1"), Buffer.from(data.buffer)]));
}
