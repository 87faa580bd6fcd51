// Polygons as Pillow fills them, recorded, to the pixel.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { drawPolygon, type Point } from "../../../../src-main/engine/images/draw-polygon.ts";

interface Case {
  readonly points: readonly Point[];
  readonly rows: readonly string[];
}

const RECORDED = join(import.meta.dirname, "../../../fixtures/polygons/pillow.json");
const { cases }: { readonly cases: readonly Case[] } = JSON.parse(readFileSync(RECORDED, "utf8"));

function drawn(points: readonly Point[]): string[] {
  const [width, height] = [20, 16];
  const data = new Uint8Array(width * height);
  drawPolygon({ width, height, data }, points, 1);
  return Array.from({ length: height }, (_, y) =>
    [...data.subarray(y * width, (y + 1) * width)].map((value) => (value === 1 ? "#" : ".")).join(""),
  );
}

describe("drawPolygon", () => {
  it.each(cases)("fills $points as Pillow does", ({ points, rows }) => {
    expect(drawn(points)).toEqual(rows);
  });

  it("has been recorded", () => {
    expect(cases).toHaveLength(60);
  });
});
