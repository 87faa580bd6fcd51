// Image operations against Pillow's recorded output, byte by byte.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import { flipHorizontal } from "../../src-main/engine/images/flip-horizontal.ts";
import { grayscale } from "../../src-main/engine/images/grayscale.ts";
import { normalize } from "../../src-main/engine/images/normalize.ts";
import { resizeBilinear } from "../../src-main/engine/images/resize-bilinear.ts";
import { resizeNearest } from "../../src-main/engine/images/resize-nearest.ts";
import type { RgbImage } from "../../src-main/engine/images/rgb-image.ts";
import { augmentedViews } from "../../src-main/engine/images/views.ts";
import { readFixtureTensors } from "../helpers/safetensors-fixture.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures/self-adaptation");
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
  readonly ops: readonly OpCase[];
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
