// Spatial-aware mixing: each image keeps its top left, and gets the other three quadrants from others of the batch, each at the
// place that it has there. Source: spec of CROTS, "9.2 Spatial-aware mixing".
import type { CrotsDraws } from "./step-draws.ts";

/** Where the quadrants of an image meet, and whose they are. */
export interface Cut {
  readonly row: number;
  readonly column: number;
  /** Images of the batch: top left, top right, bottom left, bottom right. */
  readonly images: readonly [number, number, number, number];
}

/** The cut lies in the middle 60 % of either side. */
const LEAST_POSITION = 0.2;
const SPREAD = 0.6;
const CENTRE = 0.5;

/** Of every image of a batch. @param positionBeta  0: always in the centre */
export function drawCuts(
  draws: Pick<CrotsDraws, "partners" | "beta">,
  images: number,
  [height, width]: readonly [number, number],
  positionBeta: number,
): Cut[] {
  return Array.from({ length: images }, (_, image) => {
    const partners = draws.partners(image, images);
    const position = (): number => (positionBeta > 0 ? LEAST_POSITION + SPREAD * draws.beta(positionBeta) : CENTRE);
    const column = Math.trunc(position() * width);
    const row = Math.trunc(position() * height);
    return { row, column, images: [image, ...partners] };
  });
}

type Numbers = Float32Array | Int32Array;

/**
 * The batch composed by the cuts.
 *
 * @param planes  [N, C, H, W]
 */
export function mixed<T extends Numbers>(
  planes: T,
  [height, width]: readonly [number, number],
  cuts: readonly Cut[],
): T {
  const out = planes.slice() as T;
  const perImage = planes.length / cuts.length;
  for (const [image, { row, column, images }] of cuts.entries()) {
    for (let line = 0; line < perImage; line += width) {
      const isBelow = (line / width) % height >= row;
      const [left, right] = isBelow ? [images[2], images[3]] : [images[0], images[1]];
      const to = image * perImage + line;
      out.set(planes.subarray(left * perImage + line, left * perImage + line + column), to);
      out.set(planes.subarray(right * perImage + line + column, right * perImage + line + width), to + column);
    }
  }
  return out;
}

/** Every line of all planes reversed, in place. */
export function mirrorLines(planes: Numbers, width: number): void {
  for (let line = 0; line < planes.length; line += width) planes.subarray(line, line + width).reverse();
}
