// Panoptic labels: colours are numbers of segments, and a JSON file beside the folder says what each segment is.
import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { readInputFile } from "../../files/read-input-file.ts";
import { decodeImage } from "../images/decode-image.ts";
import type { LabelMap } from "../images/rgb-image.ts";

/** WildDash's list describes 4256 images; COCO's, the largest in this format, needs a quarter of this. */
const MAX_LIST_BYTES = 512 * 1024 * 1024;
const UNLABELED = 0;

const listSchema = z.object({
  annotations: z.array(
    z.object({
      file_name: z.string(),
      segments_info: z.array(z.object({ id: z.int(), category_id: z.int().min(0).max(255) })),
    }),
  ),
});
type CategoriesBySegment = ReadonlyMap<number, number>;
type SegmentList = ReadonlyMap<string, CategoriesBySegment>;

interface CachedList {
  readonly key: string;
  readonly list: Promise<SegmentList>;
}

/** The list of the data set that was read last: parsing it takes longer than a thousand of its images. */
let cached: CachedList | undefined;

/**
 * Category ids of the pixels; 0 where no segment is.
 *
 * @param path  of a PNG in a folder that has `panoptic.json` beside it
 * @throws AppError `input.missing` when the list does not name the file
 * @throws AppError `image.format` for a list that is none, and those of decodeImage
 */
export async function decodePanopticLabels(path: string): Promise<LabelMap> {
  const listPath = join(dirname(path), "..", "panoptic.json");
  const [{ width, height, data: rgb }, list] = await Promise.all([decodeImage(path), segmentList(listPath)]);
  const categoryOf = list.get(basename(path));
  if (categoryOf === undefined) {
    throw new AppError("input.missing", `"${listPath}" does not name "${basename(path)}"; get the list that fits.`);
  }
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) {
    // Source: dataset specification, 3.7: R + 256 G + 65536 B.
    const segment = (rgb[3 * i] ?? 0) + 256 * (rgb[3 * i + 1] ?? 0) + 65536 * (rgb[3 * i + 2] ?? 0);
    data[i] = categoryOf.get(segment) ?? UNLABELED;
  }
  return { width, height, data };
}

async function segmentList(path: string): Promise<SegmentList> {
  const { mtimeMs = 0, size = 0 } = (await stat(path).catch(() => undefined)) ?? {};
  const key = `${path} ${mtimeMs} ${size}`;
  if (cached?.key !== key) cached = { key, list: readList(path) };
  return cached.list;
}

async function readList(path: string): Promise<SegmentList> {
  const text = new TextDecoder().decode(await readInputFile(path, MAX_LIST_BYTES));
  let parsed: z.infer<typeof listSchema>;
  try {
    parsed = listSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError("image.format", `"${path}" is not a list of panoptic segments; get the file again.`, { cause });
  }
  return new Map(
    parsed.annotations.map(({ file_name, segments_info }) => [
      file_name,
      new Map(segments_info.map(({ id, category_id }) => [id, category_id])),
    ]),
  );
}
