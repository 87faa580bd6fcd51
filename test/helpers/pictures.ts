// Random pictures for property tests, and a folder for files that a test makes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { onTestFinished } from "vitest";
import type { LabelMap, RgbImage } from "../../src-main/engine/images/rgb-image.ts";

/** Any small colour image. */
export const anyRgbImage: fc.Arbitrary<RgbImage> = fc
  .record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) })
  .chain(({ width, height }) => {
    const length = width * height * 3;
    return fc
      .uint8Array({ minLength: length, maxLength: length, size: "max" })
      .map((data) => ({ width, height, data }));
  });

/** Any small label map. */
export const anyLabelMap: fc.Arbitrary<LabelMap> = fc
  .record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) })
  .chain(({ width, height }) => {
    const length = width * height;
    return fc
      .uint8Array({ minLength: length, maxLength: length, size: "max" })
      .map((data) => ({ width, height, data }));
  });

/** A folder of the running test; removed when it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "acclimate-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file into a temporary folder; gives its path. */
export function temporaryFile(name: string, bytes: Uint8Array | string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}
