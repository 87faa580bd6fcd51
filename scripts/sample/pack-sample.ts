// Puts what ships into resources/sample: the scenes, and the checkpoint with its recommended parameters.
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import { storeRecommended } from "../../src-main/engine/models/store-recommended.ts";
import { renderSampleScene, SAMPLE_DOMAINS } from "../../src-main/engine/sample/render-sample-scene.ts";
import { writeFileAtomically } from "../../src-main/files/write-file-atomically.ts";
import type { AdaptationConfig } from "../../src-shared/contract/adaptation-config.ts";
import { SCENES, SIZE } from "./plan.ts";
import { foundOn } from "./tune-parameters.ts";

/** Smaller than what the program writes, which should be quick: these files are in every copy of it. */
const SMALLEST = { compressionLevel: 9, effort: 10, adaptiveFiltering: true, palette: false } as const;

/** @returns the path of the copy that ships */
export async function packCheckpoint(trained: string, parameters: AdaptationConfig, folder: string): Promise<string> {
  const path = join(folder, "checkpoint.safetensors");
  await storeRecommended(trained, path, { method: "self-adaptation", parameters, foundOn: foundOn() }, null);
  return path;
}

/** Files whose pixels are already the generator's stay as they are. */
export async function packScenes(folder: string): Promise<void> {
  const { seed, count } = SCENES.shipped;
  for (const domain of SAMPLE_DOMAINS) {
    for (const kind of ["images", "labels"]) await mkdir(join(folder, domain, kind), { recursive: true });
    for (let index = 0; index < count; index += 1) {
      const name = `${String(index).padStart(3, "0")}.png`;
      const paths = { image: join(folder, domain, "images", name), labels: join(folder, domain, "labels", name) };
      await packScene(renderSampleScene({ seed, index, domain, ...SIZE }), paths);
    }
  }
}

async function packScene(
  { image, labels }: ReturnType<typeof renderSampleScene>,
  paths: { readonly image: string; readonly labels: string },
): Promise<void> {
  const { width, height } = SIZE;
  const packed = (data: Uint8Array, channels: 1 | 3) => sharp(data, { raw: { width, height, channels } });
  if (!(existsSync(paths.image) && isSame((await decodeImage(paths.image)).data, image.data))) {
    await writeFileAtomically(paths.image, await packed(image.data, 3).png(SMALLEST).toBuffer());
  }
  if (!(existsSync(paths.labels) && isSame((await decodeLabelMap(paths.labels)).data, labels.data))) {
    const map = packed(labels.data, 1).toColourspace("b-w").png(SMALLEST);
    await writeFileAtomically(paths.labels, await map.toBuffer());
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
