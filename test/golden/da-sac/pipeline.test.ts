// Whole samples of both loaders against the original's: from image to network input, with its recorded draws.
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeImage } from "../../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import { IMAGENET_MEAN, IMAGENET_STD, normalizer } from "../../../src-main/engine/images/normalize.ts";
import type { RgbImage } from "../../../src-main/engine/images/rgb-image.ts";
import type {
  MaskedPicture,
  Range,
  ReadPicture,
  Size,
} from "../../../src-main/engine/methods/da-sac/masked-picture.ts";
import { sourceNormalizer } from "../../../src-main/engine/methods/da-sac/normalize-picture.ts";
import { plainPicture, plainSample, validationPicture } from "../../../src-main/engine/methods/da-sac/plain-sample.ts";
import { PADDED, targetCrops, targetSample } from "../../../src-main/engine/methods/da-sac/target-sample.ts";
import type { Draws } from "../../../src-main/engine/methods/shared/draws.ts";
import { CITYSCAPES_COLORS, GTA5_COLORS } from "../../../src-shared/contract/training/da-sac.ts";
import { DA_SAC_FIXTURES } from "../../helpers/fixtures-root.ts";
import { type GoldenCase, goldenCases } from "../../helpers/golden-cases.ts";
import { differenceOf } from "../../helpers/recorded.ts";
import { type RecordedDraw, replayedDraws } from "../../helpers/replayed-draws.ts";

interface Settings {
  readonly CROP_SIZE: Size;
  readonly SCALE_FROM: number;
  readonly SCALE_TO: number;
  readonly RND_HFLIP: boolean;
  readonly RND_JITTER: number;
  readonly SRC_RND_JITTER: number;
  readonly SRC_RND_BLUR: boolean;
  readonly RND_BLUR: boolean;
  readonly RND_GREYSCALE: number;
  readonly RND_ZOOM: Range;
  readonly GUIDED_HFLIP: boolean;
  readonly TARGET_SCALE: Range;
  readonly VAL_CROP: boolean;
}

interface PipelineCase {
  readonly name: string;
  readonly index: number;
  readonly split: "train" | "val";
  readonly draws: readonly RecordedDraw[];
  readonly settings: Settings;
  readonly output?: {
    readonly image: string;
    readonly label: string;
    readonly normalized_crc32: string;
    readonly padded_pixels: number;
  };
  readonly outputs?: readonly {
    readonly student: string;
    readonly teacher: string;
    readonly label: string;
    readonly student_crc32: string;
    readonly teacher_crc32: string;
    readonly affine: readonly (readonly number[])[];
    readonly affine_inverse: readonly (readonly number[])[];
  }[];
}

interface Golden {
  readonly images: readonly string[];
  readonly labels: readonly string[];
  readonly cases: readonly PipelineCase[];
}

const NORMALIZERS = {
  train: sourceNormalizer({ source: GTA5_COLORS, target: CITYSCAPES_COLORS }),
  val: normalizer(IMAGENET_MEAN, IMAGENET_STD),
};

describe.each(goldenCases<Golden>(`${DA_SAC_FIXTURES}I-pipeline`).map((golden) => [golden.name, golden] as const))(
  "samples %s",
  (_, golden) => {
    const titled = golden.json.cases.map((each) => [`${each.name} ${each.index}`, each] as const);

    it.each(titled.filter(([, { output }]) => output !== undefined))("of the plain loader: %s", async (_name, each) => {
      const { output, settings, split } = each;
      if (output === undefined) return;
      const draws = replayedDraws(each.draws);
      const read = await readPicture(golden, each.index);
      const picture = split === "val" ? validationOf(read, settings) : plainOf(read, settings, draws);
      draws.expectUsedUp();
      await expectImage(golden, picture.image, output.image);
      expect(picture.padding.data.reduce((sum, value) => sum + value, 0)).toBe(output.padded_pixels);
      // Source images of training are re-normalised, all others are not.
      const { image, labels } = plainSample(picture, NORMALIZERS[split]);
      expect(crc(image)).toBe(output.normalized_crc32);
      const expected = await decodeLabelMap(`${golden.folder}${output.label}`);
      expect([...labels]).toEqual([...expected.data]);
    });

    it.each(titled.filter(([, { outputs }]) => outputs !== undefined))(
      "of the target loader: %s",
      async (_name, each) => {
        const { outputs = [], settings } = each;
        const draws = replayedDraws(each.draws);
        // Without weights every image is as likely: the first draw goes to the end of the cumulative sum, 1.
        const place = Math.ceil(draws.uniform(0, 1) * golden.json.images.length) - 1;
        const crops = targetCrops(await readPicture(golden, place), augmentationOf(settings, outputs.length), draws);
        draws.expectUsedUp();
        const sample = targetSample(crops, settings.CROP_SIZE);
        const pixels = settings.CROP_SIZE[0] * settings.CROP_SIZE[1];
        for (const [k, output] of outputs.entries()) {
          const crop = crops[k];
          if (crop === undefined) throw new Error(`there is no crop ${k}`);
          await expectImage(golden, crop.noisy, output.student);
          await expectImage(golden, crop.picture.image, output.teacher);
          expect(crc(sample.student.slice(3 * k * pixels, 3 * (k + 1) * pixels))).toBe(output.student_crc32);
          expect(crc(sample.teacher.slice(3 * k * pixels, 3 * (k + 1) * pixels))).toBe(output.teacher_crc32);
          const labels = sample.labels.subarray(k * pixels, (k + 1) * pixels);
          expect(labels.includes(PADDED)).toBe(false);
          expect([...labels]).toEqual([...(await decodeLabelMap(`${golden.folder}${output.label}`)).data]);
          const matrices = [sample.affine, sample.affineInverse].flatMap((all) => [...all.subarray(6 * k, 6 * k + 6)]);
          const wanted = [...output.affine.flat(), ...output.affine_inverse.flat()];
          expect(differenceOf(matrices, wanted).largest).toBeLessThan(1e-6);
        }
      },
    );
  },
);

/** Places beyond the last image begin anew. */
async function readPicture({ folder, json }: GoldenCase<Golden>, index: number): Promise<ReadPicture> {
  const place = index % json.images.length;
  return {
    image: await decodeImage(`${folder}${json.images[place]}`),
    labels: await decodeLabelMap(`${folder}${json.labels[place]}`),
  };
}

function plainOf(read: ReadPicture, settings: Settings, draws: Draws): MaskedPicture {
  const augmentation = {
    fixedSize: null,
    scale: [settings.SCALE_FROM, settings.SCALE_TO],
    flip: settings.RND_HFLIP,
    blur: settings.SRC_RND_BLUR,
    jitter: settings.SRC_RND_JITTER > 0 ? settings.RND_JITTER : 0,
    cropSize: settings.CROP_SIZE,
  } as const;
  return plainPicture(read, augmentation, draws);
}

function validationOf(read: ReadPicture, { CROP_SIZE, VAL_CROP }: Settings): MaskedPicture {
  return validationPicture(read, { fixedSize: null, size: CROP_SIZE, by: VAL_CROP ? "crop" : "resize" });
}

function augmentationOf(settings: Settings, copies: number): Parameters<typeof targetCrops>[1] {
  return {
    copies,
    cropSize: settings.CROP_SIZE,
    scale: settings.TARGET_SCALE,
    flip: settings.RND_HFLIP,
    guidedFlip: settings.GUIDED_HFLIP,
    zoom: settings.RND_ZOOM,
    blur: settings.RND_BLUR ? [0.1, 2] : null,
    jitter: settings.RND_JITTER,
    grayscale: settings.RND_GREYSCALE,
  };
}

async function expectImage({ folder }: GoldenCase<Golden>, found: RgbImage, file: string): Promise<void> {
  const wanted = await decodeImage(`${folder}${file}`);
  expect([found.width, found.height]).toEqual([wanted.width, wanted.height]);
  expect(Buffer.compare(found.data, wanted.data)).toBe(0);
}

function crc(data: Float32Array): string {
  return crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .toString(16)
    .padStart(8, "0");
}
