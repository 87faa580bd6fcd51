// Reads a kept plane back.
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { readInputFile } from "../../../files/read-input-file.ts";
import { MAX_IMAGE_PIXELS } from "../../images/image-limits.ts";
import type { LabelMap } from "../../images/rgb-image.ts";

const unzip = promisify(gunzip);

/**
 * @param path  gzip of uint8 [H, W]
 * @throws AppError `input.missing`, `input.unreadable`
 */
export async function readPlane(path: string, size: { width: number; height: number }): Promise<LabelMap> {
  const { width, height } = size;
  const zipped = await readInputFile(path, MAX_IMAGE_PIXELS);
  // A byte more would show, too.
  const data = await unzip(zipped, { maxOutputLength: width * height + 1 }).catch(() => Buffer.alloc(0));
  if (data.length === width * height) return { width, height, data: new Uint8Array(data) };
  throw new AppError(
    "input.unreadable",
    `"${path}" is no plane of ${width} x ${height} pixels any more; repeat the run, and export that.`,
  );
}
