// The pixels near a border between two classes of the truth: where a model's outlines are judged.
import { IGNORE_LABEL } from "../../src-shared/labels/ignore-label.ts";
import type { BytePlane } from "./picture.ts";

const INSIDE = 255;

/**
 * Every labelled pixel that has a labelled pixel of another class at most `radiusPx` columns and rows away, as 255; all
 * others 0. Ignored pixels have no border of their own. The square window is that of Boundary IoU (Cheng et al. 2021).
 *
 * Takes a few passes over the plane, whatever the radius.
 */
export function boundaryBand({ width, height, bytes }: BytePlane, radiusPx: number): BytePlane {
  // Of each window the least and the greatest class; ignored pixels are never the least, on either side.
  const least = windowMinima(bytes, width, height, radiusPx);
  const greatest = windowMinima(bytes.map(mirrored), width, height, radiusPx);
  const band = new Uint8Array(bytes.length);
  for (let index = 0; index < bytes.length; index++) {
    const label = bytes[index] ?? IGNORE_LABEL;
    const isMixed = least[index] !== label || greatest[index] !== mirrored(label);
    if (label !== IGNORE_LABEL && isMixed) band[index] = INSIDE;
  }
  return { width, height, bytes: band };
}

/** The greatest class becomes the least value, while the ignore label stays the greatest. */
function mirrored(label: number): number {
  return label === IGNORE_LABEL ? IGNORE_LABEL : IGNORE_LABEL - 1 - label;
}

/** The least value of the square window around every pixel, as far as it lies in the plane. */
function windowMinima(values: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const result = values.slice();
  for (let y = 0; y < height; y++) lineMinima(result, y * width, 1, width, radius);
  for (let x = 0; x < width; x++) lineMinima(result, x, width, height, radius);
  return result;
}

/**
 * Replaces `length` values, `stride` apart, by the least of those at most `radius` away (van Herk 1992): a window
 * reaches over two blocks as long as itself, of which the running minima from both ends are known.
 */
function lineMinima(values: Uint8Array, start: number, stride: number, length: number, radius: number): void {
  const block = 2 * radius + 1;
  const fromStart = new Uint8Array(length);
  const fromEnd = new Uint8Array(length);
  for (let at = 0; at < length; at++) {
    const value = values[start + at * stride] ?? 255;
    fromStart[at] = at % block === 0 ? value : Math.min(value, fromStart[at - 1] ?? 255);
  }
  for (let at = length - 1; at >= 0; at--) {
    const value = values[start + at * stride] ?? 255;
    fromEnd[at] = at % block === block - 1 ? value : Math.min(value, fromEnd[at + 1] ?? 255);
  }
  for (let at = 0; at < length; at++) {
    const [first, last] = [at - radius, Math.min(at + radius, length - 1)];
    const left = fromEnd[first] ?? 255;
    const isOneBlock = first >= 0 && Math.floor(first / block) === Math.floor(last / block);
    values[start + at * stride] = isOneBlock && last === length - 1 ? left : Math.min(left, fromStart[last] ?? 255);
  }
}
