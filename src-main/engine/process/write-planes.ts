// Writes planes as the window fetches them: gzip of the raw bytes.
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { PlaneFiles } from "../../../src-shared/contract/engine-protocol.ts";
import { writeFilesTogether } from "../../files/write-file-atomically.ts";
import type { PredictionPlanes } from "../images/prediction-planes.ts";

const compress = promisify(gzip);
/** The fastest: labels shrink to a fiftieth anyway, and a browser undoes any level alike. */
const GZIP_LEVEL = 1;

/** All of them or none. @throws AppError `output.diskFull`, `output.unwritable` */
export async function writePlanes(
  files: PlaneFiles,
  { labels, confidence, entropy, candidates }: PredictionPlanes,
): Promise<void> {
  const planes = { labels, confidence, entropy, candidates };
  const contents = Object.entries(planes).map(async ([plane, bytes]) => ({
    path: files[plane as keyof PlaneFiles], // keys of the object above
    content: await gzipped(bytes),
  }));
  await writeFilesTogether(await Promise.all(contents));
}

export async function gzipped(bytes: Uint8Array): Promise<Uint8Array> {
  return compress(bytes, { level: GZIP_LEVEL });
}
