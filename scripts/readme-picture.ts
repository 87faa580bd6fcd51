// Makes docs/images/sample.png: for one image of each target domain the image, the prediction before and after, and the truth.
// node scripts/readme-picture.ts [fog/001 night/003 rain/000]
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { loadCheckpoint } from "../src-main/engine/checkpoints/load-checkpoint.ts";
import { packageRoot } from "../src-main/engine/files/package-root.ts";
import { argmaxLabels } from "../src-main/engine/images/argmax.ts";
import { colorizeLabels } from "../src-main/engine/images/colorize.ts";
import { decodeImage } from "../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../src-main/engine/images/decode-label-map.ts";
import { encodeRgbPng } from "../src-main/engine/images/encode-png.ts";
import type { RgbImage } from "../src-main/engine/images/rgb-image.ts";
import { predict } from "../src-main/engine/methods/inference/predict.ts";
import { selfAdapt } from "../src-main/engine/methods/self-adaptation/self-adapt.ts";
import { SegmentationModel } from "../src-main/engine/methods/shared/segmentation-model.ts";
import { detectArchitecture } from "../src-main/engine/models/detect-architecture.ts";
import { createRuntime } from "../src-main/engine/runtimes/create-runtime.ts";
import { adaptationConfigSchema } from "../src-shared/contract/adaptation-config.ts";
import { CITYSCAPES_PALETTE } from "../src-shared/labels/palettes.ts";

const DEFAULT_IMAGES = ["fog/001", "night/003", "rain/000"];
const GAP_PX = 4;

const sample = join(packageRoot(), "resources", "sample");
const { stateDict, path } = await loadCheckpoint(join(sample, "checkpoint.safetensors"));
const runtime = await createRuntime({ runtime: "onnx", provider: "cpu", threads: undefined });
const model = new SegmentationModel(runtime, detectArchitecture(stateDict, path), stateDict);

/** Image, before, after, truth. */
async function row(name: string): Promise<RgbImage[]> {
  const [domain = "", number = ""] = name.split("/");
  const image = await decodeImage(join(sample, domain, "images", `${number}.png`));
  const truth = await decodeLabelMap(join(sample, domain, "labels", `${number}.png`));
  const colored = (scores: Float32Array) =>
    colorizeLabels(argmaxLabels(scores, model.architecture.numClasses, image.height, image.width), CITYSCAPES_PALETTE);
  const before = await predict(model, image);
  const after = await selfAdapt(model, image, adaptationConfigSchema.parse({}));
  after.weights.dispose();
  return [image, colored(before.scores), colored(after.prediction.scores), colorizeLabels(truth, CITYSCAPES_PALETTE)];
}

const names = process.argv.length > 2 ? process.argv.slice(2) : DEFAULT_IMAGES;
const rows: RgbImage[][] = [];
for (const name of names) rows.push(await row(name));

const { width = 0, height = 0 } = rows[0]?.[0] ?? {};
const [stepX, stepY] = [width + GAP_PX, height + GAP_PX];
const tiles = rows.flatMap((pictures, y) =>
  pictures.map(async (picture, x) => ({
    input: Buffer.from(await encodeRgbPng(picture)),
    left: x * stepX,
    top: y * stepY,
  })),
);
const size = {
  width: 4 * stepX - GAP_PX,
  height: rows.length * stepY - GAP_PX,
  channels: 3 as const,
  background: "white",
};
const folder = join(packageRoot(), "docs", "images");
await mkdir(folder, { recursive: true });
const sheet = await sharp({ create: size })
  .composite(await Promise.all(tiles))
  .png()
  .toBuffer();
await sharp(sheet).resize({ width: 1600 }).png({ palette: true }).toFile(join(folder, "sample.png"));
