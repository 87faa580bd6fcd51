// Polygons of YOLO's segmentation: a line each, "class x y x y …", as shares of the image's sides.
import type { Point } from "../images/draw-polygon.ts";

export interface YoloShape {
  readonly classId: number;
  /** Shares of width and height; none for a box. */
  readonly points: readonly Point[];
}

const LINE = /^\d+(?:\s+-?\d*\.?\d+(?:e[+-]?\d+)?)+$/i;
/** "class x y width height" */
const BOX_NUMBERS = 5;

/** Null for what is no such file; an image without any object has an empty one. */
export function yoloShapes(text: string): YoloShape[] | null {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (!lines.every((line) => LINE.test(line))) return null;
  return lines.map((line) => {
    const [classId = 0, ...numbers] = line.split(/\s+/).map(Number);
    const isBox = numbers.length + 1 === BOX_NUMBERS;
    const points = Array.from(
      { length: isBox ? 0 : numbers.length >> 1 },
      (_, i): Point => [numbers[2 * i] ?? 0, numbers[2 * i + 1] ?? 0],
    );
    return { classId, points };
  });
}
