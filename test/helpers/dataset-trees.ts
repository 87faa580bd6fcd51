// Tiny data sets that tests make: files of a tree, and label files in the encodings of the publishers.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { encode } from "fast-png";
import sharp from "sharp";
import { DatasetReport } from "../../src-main/engine/datasets/dataset-report.ts";
import { type ListOptions, listDataset } from "../../src-main/engine/datasets/list-dataset.ts";
import type { DatasetItem, DatasetReportLine } from "../../src-shared/contract/dataset.ts";
import { temporaryFolder } from "./pictures.ts";

/** A folder of that name with empty files, or with the content that is given for them. */
export function datasetFolder(
  name: string,
  files: readonly string[],
  content: Readonly<Record<string, Uint8Array | string>> = {},
): string {
  const root = join(temporaryFolder(), name);
  mkdirSync(root);
  for (const file of [...files, ...Object.keys(content)]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content[file] ?? "");
  }
  return root;
}

export interface Listed {
  readonly items: DatasetItem[];
  readonly lines: DatasetReportLine[];
}

export async function listed(root: string, options: Omit<ListOptions, "report"> = {}): Promise<Listed> {
  const report = new DatasetReport();
  const items: DatasetItem[] = [];
  for await (const batch of listDataset(root, { ...options, report })) items.push(...batch);
  return { items, lines: report.lines };
}

/** One row of pixels as 8-bit grey. */
export function grayPng(...ids: readonly number[]): Uint8Array {
  return encode({ width: ids.length, height: 1, channels: 1, depth: 8, data: Uint8Array.from(ids) });
}

/** One row of pixels as colours, 8 or 16 bits a channel. */
export function colorPng(depth: 8 | 16, ...pixels: readonly (readonly [number, number, number])[]): Uint8Array {
  const data = depth === 8 ? Uint8Array.from(pixels.flat()) : Uint16Array.from(pixels.flat());
  return encode({ width: pixels.length, height: 1, channels: 3, depth, data });
}

/** A PNG with a palette; what its indices are is not looked at. */
export async function palettePng(): Promise<Uint8Array> {
  const pixels = Buffer.from([0, 0, 0, 255, 0, 0]);
  return sharp(pixels, { raw: { width: 2, height: 1, channels: 3 } })
    .png({ palette: true })
    .toBuffer();
}
