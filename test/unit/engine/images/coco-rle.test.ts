// COCO's run lengths: a mask that pycocotools made, and a reader of the published text form as the oracle.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classMasks, rleText } from "../../../../src-main/engine/images/coco-rle.ts";

/** `rleFrString` of cocoapi's common/maskApi.c. */
function runsFrom(text: string): number[] {
  const runs: number[] = [];
  let at = 0;
  while (at < text.length) {
    let [value, shift, hasMore] = [0, 0, true];
    while (hasMore) {
      const bits = text.charCodeAt(at) - 48;
      value |= (bits & 0x1f) << shift;
      hasMore = (bits & 0x20) !== 0;
      at += 1;
      shift += 5;
      if (!hasMore && (bits & 0x10) !== 0) value |= -1 << shift;
    }
    runs.push(runs.length > 2 ? value + (runs.at(-2) ?? 0) : value);
  }
  return runs;
}

function maskFrom(text: string, width: number, height: number): boolean[] {
  const down: boolean[] = [];
  for (const [index, run] of runsFrom(text).entries()) down.push(...Array.from({ length: run }, () => index % 2 === 1));
  return Array.from(
    { length: width * height },
    (_, at) => down[(at % width) * height + Math.floor(at / width)] === true,
  );
}

describe("run lengths", () => {
  it("are written as pycocotools writes them", () => {
    expect(rleText([6, 1, 40, 4, 5, 4, 5, 4, 21])).toBe("61X13mN000`0");
    // pycocotools.mask.encode of [[1, 0], [1, 1], [0, 1]] in Fortran order.
    const [outside, inside] = classMasks({ width: 2, height: 3, data: Uint8Array.of(1, 0, 1, 1, 0, 1) });
    expect(inside).toEqual({ trainId: 1, counts: "0220", area: 4, bbox: [0, 0, 2, 3] });
    expect(outside).toEqual({ trainId: 0, counts: "222", area: 2, bbox: [0, 0, 2, 3] });
  });

  it("give every class's pixels back, with their area and their frame", () => {
    const maps = fc
      .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) })
      .chain(({ width, height }) =>
        fc
          .uint8Array({ minLength: width * height, maxLength: width * height, max: 3 })
          .map((data) => ({ width, height, data })),
      );
    fc.assert(
      fc.property(maps, (map) => {
        const masks = classMasks(map);
        expect(masks.map(({ trainId }) => trainId)).toEqual([...new Set(map.data)].sort());
        for (const { trainId, counts, area, bbox } of masks) {
          const wanted = [...map.data].map((label) => label === trainId);
          expect(maskFrom(counts, map.width, map.height)).toEqual(wanted);
          expect(area).toBe(wanted.filter(Boolean).length);
          const places = wanted.flatMap((isIn, at) => (isIn ? [at] : []));
          const [xs, ys] = [places.map((at) => at % map.width), places.map((at) => Math.floor(at / map.width))];
          const [left, top] = [Math.min(...xs), Math.min(...ys)];
          expect(bbox).toEqual([left, top, Math.max(...xs) - left + 1, Math.max(...ys) - top + 1]);
        }
      }),
    );
  });

  it("of lengths of all sizes are read back", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000_000), { minLength: 1 }), (runs) => {
        expect(runsFrom(rleText(runs))).toEqual(runs);
      }),
    );
  });
});
