// Resizing as OpenCV does it: bilinear in fixed point on 8 bits, and nearest for label maps.
import { BugError } from "../../../src-shared/contract/errors.ts";
import { checkLabelMap, checkRgbImage, type LabelMap, type RgbImage } from "./rgb-image.ts";

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** Weights are whole numbers of so many parts. */
const WEIGHT_ONE = 2048;

/** Where the pixels of a line come from: two neighbours each, and how much each weighs. */
interface Taps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly firstWeight: Int32Array;
  readonly secondWeight: Int32Array;
}

/**
 * The largest size of the picture's proportions in a box, as mmcv's `imrescale` rounds it. Source: spec of EBDA, "10.3 Pipelines".
 *
 * @param box  width and height; which of its sides is longer does not matter
 */
export function keepRatioSize({ width, height }: PixelSize, box: PixelSize): PixelSize {
  const [long, short] = [Math.max(box.width, box.height), Math.min(box.width, box.height)];
  const scale = Math.min(long / Math.max(width, height), short / Math.min(width, height));
  return { width: Math.floor(width * scale + 0.5), height: Math.floor(height * scale + 0.5) };
}

/** `cv2.resize` with INTER_LINEAR of 8-bit images, byte for byte. Source: spec of EBDA, "10.3 Pipelines", Resize. */
export function resizeBilinearOpenCv(image: RgbImage, { width, height }: PixelSize): RgbImage {
  checkRgbImage(image);
  requireSize(width, height);
  const columns = bilinearTaps(image.width, width, "whole");
  const rows = bilinearTaps(image.height, height, "shared");
  const data = new Uint8Array(3 * width * height);
  const [upper, lower] = [new Int32Array(3 * width), new Int32Array(3 * width)];
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    blendRow(image, rows.first[y] as number, columns, upper);
    blendRow(image, rows.second[y] as number, columns, lower);
    const [v0, v1] = [rows.firstWeight[y] as number, rows.secondWeight[y] as number];
    for (let i = 0; i < upper.length; i += 1) {
      const above = (v0 * ((upper[i] as number) >> 4)) >> 16;
      const below = (v1 * ((lower[i] as number) >> 4)) >> 16;
      data[to++] = (above + below + 2) >> 2;
    }
  }
  return { width, height, data };
}

/** `cv2.resize` with INTER_NEAREST: pixel floor(o · (1 / (out / in))), divided twice as OpenCV does. */
export function resizeNearestOpenCv(map: LabelMap, { width, height }: PixelSize): LabelMap {
  checkLabelMap(map);
  requireSize(width, height);
  const columns = nearestTaps(map.width, width);
  const data = new Uint8Array(width * height);
  let to = 0;
  for (const row of nearestTaps(map.height, height)) {
    for (const column of columns) data[to++] = map.data[row * map.width + column] as number;
  }
  return { width, height, data };
}

/** One row of the result's width, in parts of WEIGHT_ONE. */
function blendRow(image: RgbImage, row: number, columns: Taps, sums: Int32Array): void {
  const { data, width } = image;
  const start = 3 * row * width;
  const { first, second, firstWeight, secondWeight } = columns;
  let to = 0;
  for (let x = 0; x < first.length; x += 1) {
    const [a, b] = [start + 3 * (first[x] as number), start + 3 * (second[x] as number)];
    const [w0, w1] = [firstWeight[x] as number, secondWeight[x] as number];
    for (let channel = 0; channel < 3; channel += 1) {
      sums[to++] = (data[a + channel] as number) * w0 + (data[b + channel] as number) * w1;
    }
  }
}

/**
 * @param atEdge  what becomes of a place outside: the pixel at the edge gets the whole weight, as OpenCV has it for columns, or both
 *                parts of it, as for rows, which then are rounded apart
 */
function bilinearTaps(inputSize: number, outputSize: number, atEdge: "whole" | "shared"): Taps {
  const scale = 1 / (outputSize / inputSize);
  const line = (): Int32Array => new Int32Array(outputSize);
  const taps: Taps = { first: line(), second: line(), firstWeight: line(), secondWeight: line() };
  for (let o = 0; o < outputSize; o += 1) {
    const centre = Math.fround((o + 0.5) * scale - 0.5);
    const floor = Math.floor(centre);
    const isInside = floor >= 0 && floor < inputSize - 1;
    const share = isInside || atEdge === "shared" ? Math.fround(centre - floor) : 0;
    taps.first[o] = Math.min(Math.max(floor, 0), inputSize - 1);
    taps.second[o] = Math.min(Math.max(floor + 1, 0), inputSize - 1);
    taps.firstWeight[o] = roundHalfEven(Math.fround(1 - share) * WEIGHT_ONE);
    taps.secondWeight[o] = roundHalfEven(share * WEIGHT_ONE);
  }
  return taps;
}

function nearestTaps(inputSize: number, outputSize: number): Int32Array {
  const scale = 1 / (outputSize / inputSize);
  return Int32Array.from({ length: outputSize }, (_, o) => Math.min(Math.floor(o * scale), inputSize - 1));
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function requireSize(width: number, height: number): void {
  if (Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0) return;
  throw new BugError(`resize to ${width} x ${height}`);
}
