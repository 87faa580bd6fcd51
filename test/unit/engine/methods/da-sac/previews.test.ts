// Crops with their pseudo-labels as they are shown: each where it lies in the frame of its image.
import fc from "fast-check";
import { expect, test } from "vitest";
import { normalize } from "../../../../../src-main/engine/images/normalize.ts";
import {
  affineOf,
  type CropGeometry,
  WHOLE_FRAME as WHOLE,
} from "../../../../../src-main/engine/methods/da-sac/affine-matrices.ts";
import { type MaskedPicture, maskedPicture } from "../../../../../src-main/engine/methods/da-sac/masked-picture.ts";
import { cropPreviews } from "../../../../../src-main/engine/methods/da-sac/previews.ts";
import { maybeMirrored, randomlyZoomed } from "../../../../../src-main/engine/methods/da-sac/target-sample.ts";
import { seededDraws } from "../../../../../src-main/engine/methods/shared/draws.ts";

const [HEIGHT, WIDTH] = [24, 40];
/** Red tells the column, green the row, in steps wider than what mixing neighbours changes. */
const STEP = { column: 6, row: 10 };

const frame = maskedPicture({
  image: {
    width: WIDTH,
    height: HEIGHT,
    data: Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => {
      const pixel = Math.floor(i / 3);
      if (i % 3 === 0) return STEP.column * (pixel % WIDTH);
      return i % 3 === 1 ? STEP.row * Math.floor(pixel / WIDTH) : 0;
    }),
  },
  labels: { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT) },
});

function previewOf({ picture, geometry }: { readonly picture: MaskedPicture; readonly geometry: CropGeometry }) {
  const batch = {
    "target.teacher": { shape: [1, 1, 3, HEIGHT, WIDTH], data: normalize(picture.image) },
    "target.affine": { shape: [1, 1, 2, 3], data: affineOf(geometry, [HEIGHT, WIDTH]) },
  };
  // The label of a pixel is its own column in the crop.
  const pseudoLabels = Int32Array.from({ length: WIDTH * HEIGHT }, (_, i) => i % WIDTH);
  const [preview] = cropPreviews(batch, pseudoLabels, 1, [HEIGHT, WIDTH]);
  return { picture: preview?.picture?.data ?? new Uint8Array(), labels: preview?.labels.data ?? new Uint8Array() };
}

test("a crop, zoomed and mirrored, shows every place of the frame where the frame has it", () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0.5, max: 0.95, noNaN: true }), (seed, zoom) => {
      const draws = seededDraws(seed);
      const crop = randomlyZoomed(maybeMirrored({ picture: frame, geometry: WHOLE }, draws), [zoom, zoom], draws);
      const { picture, labels } = previewOf(crop);
      const inside = [...labels.keys()].filter((i) => labels[i] !== 255);
      // Of the frame a crop covers the square of its zoom.
      expect(Math.abs(inside.length / labels.length - zoom ** 2)).toBeLessThan(0.06);
      for (const i of inside) {
        const [column, row] = [i % WIDTH, Math.floor(i / WIDTH)];
        const [red = 0, green = 0] = picture.subarray(3 * i, 3 * i + 2);
        expect(Math.abs(red / STEP.column - column)).toBeLessThan(1.6);
        expect(Math.abs(green / STEP.row - row)).toBeLessThan(1.6);
      }
    }),
    { numRuns: 40 },
  );
});

test("the whole frame mirrored: labels are mirrored back with it", () => {
  const { labels } = previewOf({ picture: frame, geometry: { ...WHOLE, flip: -1 } });
  expect([...labels.subarray(0, WIDTH)]).toEqual(Array.from({ length: WIDTH }, (_, x) => WIDTH - 1 - x));
});
