// Selecting in the grid by mouse and keyboard.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cursorAfterKey,
  EMPTY_SELECTION,
  rangeTo,
  selectedOnly,
  selectedRange,
  selectedToo,
} from "../../../../src-renderer/state/selection.ts";
import { imageIdSchema } from "../../../../src-shared/contract/workbench/ids.ts";

const [A, B, C] = ["imagea01", "imageb02", "imagec03"].map((id) => imageIdSchema.parse(id)) as [
  ReturnType<typeof imageIdSchema.parse>,
  ReturnType<typeof imageIdSchema.parse>,
  ReturnType<typeof imageIdSchema.parse>,
];

describe("a selection", () => {
  it("is one image after a click, and more with Ctrl", () => {
    const one = selectedOnly(EMPTY_SELECTION, 0, A);
    expect([...one.ids]).toEqual([A]);
    const two = selectedToo(one, 2, C);
    expect([...two.ids]).toEqual([A, C]);
    expect([...selectedToo(two, 0, A).ids]).toEqual([C]);
  });

  it("reaches from the anchor to a click with Shift, in both directions, and keeps the anchor", () => {
    const one = selectedOnly(EMPTY_SELECTION, 1, B);
    expect(rangeTo(one, 2)).toEqual([1, 2]);
    expect(rangeTo(one, 0)).toEqual([0, 1]);
    const range = selectedRange(one, 2, [B, C]);
    expect([...range.ids]).toEqual([B, C]);
    expect(range.anchor).toBe(1);
    expect(rangeTo(range, 0)).toEqual([0, 1]);
  });
});

describe("the cursor", () => {
  const grid = { columns: 4, rowsInView: 3, total: 18 };

  it.each([
    ["ArrowRight", 0, 1],
    ["ArrowRight", 17, 17],
    ["ArrowLeft", 0, 0],
    ["ArrowDown", 0, 4],
    ["ArrowDown", 15, 17], // the last row is shorter
    ["ArrowDown", 17, 17],
    ["ArrowUp", 2, 2],
    ["PageDown", 0, 12],
    ["PageUp", 6, 2],
    ["Home", 9, 0],
    ["End", 9, 17],
    ["x", 9, null],
  ])("after %s goes from %s to %s", (key, from, to) => {
    expect(cursorAfterKey(key, from, grid)).toBe(to);
  });

  it("begins at the first image", () => {
    expect(cursorAfterKey("ArrowDown", null, grid)).toBe(0);
    expect(cursorAfterKey("ArrowDown", null, { ...grid, total: 0 })).toBeNull();
  });

  it("never leaves the grid", () => {
    const keys = fc.constantFrom(
      "ArrowLeft",
      "ArrowRight",
      "ArrowUp",
      "ArrowDown",
      "PageUp",
      "PageDown",
      "Home",
      "End",
    );
    const sizes = fc.record({
      columns: fc.integer({ min: 1, max: 12 }),
      rowsInView: fc.integer({ min: 1, max: 9 }),
      total: fc.integer({ min: 1, max: 300 }),
    });
    fc.assert(
      fc.property(sizes, fc.array(keys, { maxLength: 40 }), (size, pressed) => {
        let cursor: number | null = 0;
        for (const key of pressed) cursor = cursorAfterKey(key, cursor, size);
        expect(cursor).toBeGreaterThanOrEqual(0);
        expect(cursor).toBeLessThan(size.total);
      }),
    );
  });
});
