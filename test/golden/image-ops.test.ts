// Image operations against Pillow's recorded output, byte by byte.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
} from "../../src-main/engine/images/adjust-colors.ts";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import { flipHorizontal } from "../../src-main/engine/images/flip-horizontal.ts";
import { gaussianBlur } from "../../src-main/engine/images/gaussian-blur.ts";
import { grayscale } from "../../src-main/engine/images/grayscale.ts";
import { normalize } from "../../src-main/engine/images/normalize.ts";
import { resizeBilinear } from "../../src-main/engine/images/resize-bilinear.ts";
import { resizeNearest } from "../../src-main/engine/images/resize-nearest.ts";
import { resizedCrop, resizedLabelCrop } from "../../src-main/engine/images/resized-crop.ts";
import type { RgbImage } from "../../src-main/engine/images/rgb-image.ts";
import { augmentedViews } from "../../src-main/engine/images/views.ts";
import { FIXTURES } from "../helpers/fixtures-root.ts";
import { readFixtureTensors } from "../helpers/safetensors-fixture.ts";

const FOLDER = join(FIXTURES, "E-image-ops");

interface ResizeCase {
  readonly input: string;
  readonly size_wh: readonly [number, number];
  readonly output: string;
  readonly crc32: string;
}

interface OpCase {
  readonly op: string;
  readonly input: string;
  readonly output: string;
  readonly factor: number;
  readonly radius: number;
}

interface CropCase extends OpCase {
  readonly top_left_height_width: readonly [number, number, number, number];
  readonly size_hw: readonly [number, number];
  readonly label_input: string;
  readonly label_output: string;
}

interface ViewCase {
  readonly size_wh: readonly [number, number];
  readonly flip: boolean;
  readonly gray: boolean;
  readonly uint8_crc32: string;
  readonly normalized_f32_crc32: string;
}

const CASE: {
  readonly resize_bilinear: readonly ResizeCase[];
  readonly resize_nearest: readonly ResizeCase[];
  readonly ops: readonly (OpCase | CropCase)[];
  readonly normalize: { readonly input: string; readonly tensor: string; readonly f32_crc32: string };
} = JSON.parse(readFileSync(join(FOLDER, "case.json"), "utf8"));

const image = (name: string): Promise<RgbImage> => decodeImage(join(FOLDER, name));
const hexCrc32 = (bytes: Uint8Array): string => crc32(bytes).toString(16).padStart(8, "0");

describe("bilinear resize equals Pillow's", () => {
  it.each(CASE.resize_bilinear)("$input to $size_wh", async ({ input, size_wh: [width, height], output, crc32 }) => {
    const resized = resizeBilinear(await image(input), width, height);
    expect(resized).toEqual(await image(output));
    expect(hexCrc32(resized.data)).toBe(crc32);
  });
});

describe("nearest resize equals Pillow's", () => {
  it.each(CASE.resize_nearest)("$input to $size_wh", async ({ input, size_wh: [width, height], output, crc32 }) => {
    const resized = resizeNearest(await decodeLabelMap(join(FOLDER, input)), width, height);
    expect(resized).toEqual(await decodeLabelMap(join(FOLDER, output)));
    expect(hexCrc32(resized.data)).toBe(crc32);
  });
});

describe("grey and mirrored images equal Pillow's", () => {
  it.each(CASE.ops.filter(({ op }) => op.startsWith("grayscale")))("grey of $input", async ({ input, output }) => {
    expect(grayscale(await image(input))).toEqual(await image(output)); // the one stored channel, three times
  });

  it.each(CASE.ops.filter(({ op }) => op === "hflip"))("mirror of $input", async ({ input, output }) => {
    expect(flipHorizontal(await image(input))).toEqual(await image(output));
  });
});

describe("training augmentations equal Pillow's", () => {
  const COLOR_OPS = {
    adjust_brightness: adjustBrightness,
    adjust_contrast: adjustContrast,
    adjust_saturation: adjustSaturation,
    adjust_hue: adjustHue,
  };
  const isColorOp = (op: string): op is keyof typeof COLOR_OPS => op in COLOR_OPS;

  it.each(CASE.ops.filter(({ op }) => isColorOp(op)))("$op by $factor", async ({ op, input, output, factor }) => {
    if (!isColorOp(op)) throw new Error(`no operation "${op}"`);
    expect(COLOR_OPS[op](await image(input), factor)).toEqual(await image(output));
  });

  it.each(CASE.ops.filter(({ op }) => op === "gaussian_blur"))("blur of $radius", async ({ input, output, radius }) => {
    expect(gaussianBlur(await image(input), radius)).toEqual(await image(output));
  });

  it.each(CASE.ops.filter((op): op is CropCase => op.op === "resized_crop"))(
    "crop $top_left_height_width of image and labels",
    async (crop) => {
      const [top, left, height, width] = crop.top_left_height_width;
      const [outHeight, outWidth] = crop.size_hw;
      const box = { top, left, width, height };
      expect(resizedCrop(await image(crop.input), box, outWidth, outHeight)).toEqual(await image(crop.output));
      const labels = await decodeLabelMap(join(FOLDER, crop.label_input));
      expect(resizedLabelCrop(labels, box, outWidth, outHeight)).toEqual(
        await decodeLabelMap(join(FOLDER, crop.label_output)),
      );
    },
  );
});

it("normalises to the original's float32 values, bit by bit", async () => {
  const normalized = normalize(await image(CASE.normalize.input));
  expect(hexCrc32(new Uint8Array(normalized.buffer))).toBe(CASE.normalize.f32_crc32);
  expect(normalized).toEqual(readFixtureTensors(join(FOLDER, "tensors.safetensors"))(CASE.normalize.tensor).data);
});

describe("the augmented set equals the original's", () => {
  const folder = join(FIXTURES, "B-adaptation/deeplab-resnet50");
  const { augmentation, image: file } = JSON.parse(readFileSync(join(folder, "case.json"), "utf8"));

  it("in size, order, flips, grey, bytes and normalised numbers", async () => {
    const views = augmentedViews(await decodeImage(join(folder, file)), augmentation);
    expect(
      views.map(({ image, flipped, gray }) => ({
        size_wh: [image.width, image.height],
        flip: flipped,
        gray,
        uint8_crc32: hexCrc32(image.data),
        normalized_f32_crc32: hexCrc32(new Uint8Array(normalize(image).buffer)),
      })),
    ).toMatchObject(
      augmentation.crops_in_order.map((crop: ViewCase) => ({
        size_wh: crop.size_wh,
        flip: crop.flip,
        gray: crop.gray,
        uint8_crc32: crop.uint8_crc32,
        normalized_f32_crc32: crop.normalized_f32_crc32,
      })),
    );
  });
});
