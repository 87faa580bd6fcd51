// Every transform of both loaders against the original's recorded draws and pictures, byte by byte.
import { crc32 } from "node:zlib";
import { describe, expect, it, test } from "vitest";
import { decodeImage } from "../../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import { gaussianBlur } from "../../../src-main/engine/images/gaussian-blur.ts";
import { jitterColors } from "../../../src-main/engine/images/jitter-colors.ts";
import type { LabelMap, RgbImage } from "../../../src-main/engine/images/rgb-image.ts";
import { type CropGeometry, WHOLE_FRAME } from "../../../src-main/engine/methods/da-sac/affine-matrices.ts";
import {
  centrallyCropped,
  decidesToMirror,
  type MaskedPicture,
  maskedPicture,
  mirrored,
  type Range,
  randomlyCropped,
  randomlyScaled,
  resized,
  type Size,
} from "../../../src-main/engine/methods/da-sac/masked-picture.ts";
import {
  type ColorStatistics,
  labelsWithPadding,
  networkInput,
  renormalizationOf,
  sourceNormalizer,
} from "../../../src-main/engine/methods/da-sac/normalize-picture.ts";
import { plainJitter } from "../../../src-main/engine/methods/da-sac/plain-sample.ts";
import { maybeMirrored, noisyImages, randomlyZoomed } from "../../../src-main/engine/methods/da-sac/target-sample.ts";
import type { Draws } from "../../../src-main/engine/methods/shared/draws.ts";
import { CITYSCAPES_COLORS, GTA5_COLORS } from "../../../src-shared/contract/training/da-sac.ts";
import { DA_SAC_FIXTURES } from "../../helpers/fixtures-root.ts";
import { type GoldenCase, goldenCases } from "../../helpers/golden-cases.ts";
import { differenceFromSummary, type Summary } from "../../helpers/recorded.ts";
import { type RecordedDraw, replayedDraws } from "../../helpers/replayed-draws.ts";
import { readFixtureTensors } from "../../helpers/safetensors-fixture.ts";

interface RecordedPicture {
  readonly size: readonly [width: number, height: number];
  readonly image: string;
  readonly label: string;
  /** A file, or "all zero". */
  readonly mask: string;
}

interface TransformCase {
  readonly transform: string;
  readonly module: "plain" | "target";
  readonly arguments: {
    readonly scale?: Range;
    readonly size_h_w?: Size;
    readonly radius?: number | Range;
    readonly strength?: number;
    readonly probability?: number;
  };
  readonly copies?: number;
  readonly draws: readonly RecordedDraw[];
  readonly output?: RecordedPicture;
  readonly outputs?: readonly RecordedPicture[];
  readonly affine_params_dy_dx_angle_inverse_scale_flip?: readonly (readonly number[])[];
  readonly input_mask?: string;
}

interface NormaliseCase {
  readonly transform: "normalise";
  readonly kind: "plain" | "target" | "renormalised_source";
  readonly crc32: string;
  readonly label_of_padding: number;
  /** "rows 0..4 and columns 60..63" */
  readonly padding: string;
}

type AnyCase = TransformCase | NormaliseCase | ({ readonly transform: "renormalisation" } & ColorStatistics);

interface Golden {
  readonly image: string;
  readonly label: string;
  readonly cases: readonly AnyCase[];
  readonly values: Readonly<Record<string, Partial<Summary> & { readonly values?: number }>>;
}

interface Copy {
  readonly picture: MaskedPicture;
  readonly geometry: CropGeometry;
}

const RENORMALIZATION = { source: GTA5_COLORS, target: CITYSCAPES_COLORS };

describe.each(goldenCases<Golden>(`${DA_SAC_FIXTURES}D-transforms`).map((golden) => [golden.name, golden] as const))(
  "transforms %s",
  (_, golden) => {
    const { cases } = golden.json;
    const transforms = cases.filter((each): each is TransformCase => "module" in each);
    const normalisations = cases.filter((each): each is NormaliseCase => each.transform === "normalise");
    const constants = cases.filter((each) => each.transform === "renormalisation") as readonly ColorStatistics[];

    it.each(transforms.map((each, k) => [`${k} ${each.module} ${each.transform}`, each] as const))(
      "%s",
      async (_name, each) => {
        const draws = replayedDraws(each.draws);
        const given = maskedPicture({
          image: await decodeImage(`${golden.folder}${golden.json.image}`),
          labels: await decodeLabelMap(`${golden.folder}${golden.json.label}`),
        });
        const input = each.input_mask === undefined ? given : withMaskedColumns(given, each.input_mask);
        const found =
          each.module === "plain"
            ? [{ picture: plainTransform(each, input, draws), geometry: WHOLE_FRAME }]
            : targetTransform(each, input, draws);
        draws.expectUsedUp();
        const expected = each.outputs ?? (each.output === undefined ? [] : [each.output]);
        expect(found.length).toBe(expected.length);
        for (const [k, { picture }] of found.entries()) await expectPicture(golden, picture, expected[k]);
        if (each.affine_params_dy_dx_angle_inverse_scale_flip === undefined) return;
        expect(found.map(({ geometry: g }) => [g.dy, g.dx, g.angle, g.inverseScale, g.flip])).toEqual(
          each.affine_params_dy_dx_angle_inverse_scale_flip,
        );
      },
    );

    test("the constants of renormalisation", () => {
      expect(constants.length).toBeGreaterThan(0);
      const found = renormalizationOf(RENORMALIZATION.source, RENORMALIZATION.target);
      for (const { mean, std } of constants) {
        expect(
          [...found.mean, ...found.std].map((value, k) => Math.abs(value - ([...mean, ...std][k] ?? NaN)) < 1e-15),
        ).toEqual(new Array(6).fill(true));
      }
    });

    it.each(normalisations.map((each) => [each.kind, each] as const))("normalises: %s", async (kind, each) => {
      const image = await decodeImage(`${golden.folder}${golden.json.image}`);
      const { width, height } = image;
      const padding = paddingOf(each.padding, width, height);
      const picture: MaskedPicture = {
        image,
        labels: await decodeLabelMap(`${golden.folder}${golden.json.label}`),
        padding,
      };
      const normalize = sourceNormalizer(kind === "renormalised_source" ? RENORMALIZATION : null);
      const found = networkInput(picture, normalize);
      expect(crc(found)).toBe(each.crc32);
      const { values } = golden.json;
      const summary = values[`normalise/${kind}/image`];
      expect(differenceFromSummary(found, summary as Summary)).toBeLessThan(1e-4);
      const recorded = readFixtureTensors(`${golden.folder}tensors.safetensors`);
      const rowOf = (what: "image" | "label"): number =>
        Number(Object.keys(values).flatMap((name) => name.split(`normalise/${kind}/${what}_row`)[1] ?? [])[0]);
      const [y, labelY] = [rowOf("image"), rowOf("label")];
      const row = recorded(`normalise/${kind}/image_row${y}`).data;
      for (const c of [0, 1, 2]) {
        expect([...found.subarray((c * height + y) * width, (c * height + y + 1) * width)]).toEqual([
          ...row.subarray(c * width, (c + 1) * width),
        ]);
      }
      const labels = labelsWithPadding(picture.labels, padding, each.label_of_padding);
      expect(Math.min(...labels)).toBe(values[`normalise/${kind}/label_min`]?.values);
      expect([...labels.subarray(labelY * width, (labelY + 1) * width)]).toEqual([
        ...recorded(`normalise/${kind}/label_row${labelY}`).data,
      ]);
    });
  },
);

function plainTransform(each: TransformCase, picture: MaskedPicture, draws: Draws): MaskedPicture {
  const { scale, size_h_w: size, radius, strength } = each.arguments;
  const kind = each.transform.replace(/(Pad(Both)?|Odd|\d+)$/, "");
  if (kind === "RandScale" && scale !== undefined) return randomlyScaled(picture, scale, draws);
  if (kind === "Scale" && size !== undefined) return resized(picture, size);
  if (kind === "HFlip") return decidesToMirror(draws) ? mirrored(picture) : picture;
  if (kind === "RandCrop" && size !== undefined) return randomlyCropped(picture, size, draws);
  if (kind === "CenterCrop" && size !== undefined) return centrallyCropped(picture, size);
  const happens = draws.unit() < 0.5;
  if (kind === "Blur" && typeof radius === "number") {
    return happens ? { ...picture, image: gaussianBlur(picture.image, radius) } : picture;
  }
  if (kind === "Jitter" && strength !== undefined) {
    return happens ? { ...picture, image: jitterColors(picture.image, draws.jitter(plainJitter(strength))) } : picture;
  }
  throw new Error(`no transform "${each.transform}" of the plain loader`);
}

function targetTransform(each: TransformCase, picture: MaskedPicture, draws: Draws): Copy[] {
  const { scale, size_h_w: size, radius, strength = 0, probability = 0 } = each.arguments;
  const copies = (frame: MaskedPicture): Copy[] =>
    Array.from({ length: each.copies ?? 0 }, () => ({ picture: frame, geometry: WHOLE_FRAME }));
  const noisy = (noise: Parameters<typeof noisyImages>[1]): Copy[] => {
    const images: readonly RgbImage[] = copies(picture).map((copy) => copy.picture.image);
    return noisyImages(images, noise, draws).map((image) => ({
      picture: { ...picture, image },
      geometry: WHOLE_FRAME,
    }));
  };
  switch (each.transform) {
    case "RandScale":
      return copies(randomlyScaled(picture, scale ?? [1, 1], draws));
    case "Scale":
      return copies(resized(picture, size ?? [1, 1]));
    case "RandCrop":
      return copies(randomlyCropped(picture, size ?? [1, 1], draws));
    case "HFlip":
      return copies(decidesToMirror(draws) ? mirrored(picture) : picture);
    case "GuidedHFlip":
      return copies(picture).map((copy) => maybeMirrored(copy, draws));
    case "ZoomIn":
    case "ZoomOut":
      return copies(picture).map((copy, k) => (k === 0 ? copy : randomlyZoomed(copy, scale ?? [1, 1], draws)));
    case "Blur":
      return noisy({ blur: radius as Range, jitter: 0, grayscale: 0 });
    case "Jitter":
      return noisy({ blur: null, jitter: strength, grayscale: 0 });
    case "Greyscale":
      return noisy({ blur: null, jitter: 0, grayscale: probability });
    default:
      throw new Error(`no transform "${each.transform}" of the target loader`);
  }
}

/** "rows 0..4 and columns 60..63", the last ones included */
function paddingOf(description: string, width: number, height: number): LabelMap {
  const numbers = description.match(/\d+/g)?.map(Number) ?? [];
  const [top = 0, bottom = -1, left = 0, right = -1] = numbers;
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return Number((y >= top && y <= bottom) || (x >= left && x <= right));
  });
  return { width, height, data };
}

/** "1 in the first 7 columns, else 0" */
function withMaskedColumns(picture: MaskedPicture, description: string): MaskedPicture {
  const columns = Number(/first (\d+) columns/.exec(description)?.[1]);
  const { width } = picture.padding;
  return {
    ...picture,
    padding: { ...picture.padding, data: picture.padding.data.map((_, i) => Number(i % width < columns)) },
  };
}

async function expectPicture(
  { folder }: GoldenCase<Golden>,
  { image, labels, padding }: MaskedPicture,
  expected: RecordedPicture | undefined,
): Promise<void> {
  if (expected === undefined) throw new Error("nothing recorded");
  expect([image.width, image.height]).toEqual(expected.size);
  const wanted = await decodeImage(`${folder}${expected.image}`);
  expect(Buffer.compare(image.data, wanted.data)).toBe(0);
  const ids = await decodeLabelMap(`${folder}${expected.label}`);
  expect(Buffer.compare(labels.data, ids.data)).toBe(0);
  const mask = expected.mask === "all zero" ? null : await decodeLabelMap(`${folder}${expected.mask}`);
  // A mask's file holds 0 and 1, or 0 and 255 to be looked at.
  const isPadded = Uint8Array.from(padding.data, (_, i) => Number((mask?.data[i] ?? 0) > 0));
  expect(Buffer.compare(padding.data, isPadded)).toBe(0);
}

function crc(data: Float32Array): string {
  return crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .toString(16)
    .padStart(8, "0");
}
