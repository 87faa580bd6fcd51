// The confusion matrix as it is looked at: shares, the worst cells, keys.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cellAfterKey,
  cellAt,
  cellShares,
  mostConfused,
} from "../../../../src-renderer/features/evaluate/confusion.ts";

describe("shares of cells", () => {
  const confusion = [6, 2, 0, 0, 0, 0, 3, 0, 1];

  it("are of the row or of the column", () => {
    expect(cellShares(confusion, 3, "rows")).toEqual([0.75, 0.25, 0, null, null, null, 0.75, 0, 0.25]);
    expect(cellShares(confusion, 3, "columns")).toEqual([6 / 9, 1, 0, 0, 0, 0, 3 / 9, 0, 1]);
  });

  it("sum up to one in every row that has pixels", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 16, maxLength: 16 }), (counts) => {
        const shares = cellShares(counts, 4, "rows");
        for (let row = 0; row < 4; row++) {
          const part = shares.slice(row * 4, row * 4 + 4);
          if (part[0] === null) expect(counts.slice(row * 4, row * 4 + 4)).toEqual([0, 0, 0, 0]);
          else expect(part.reduce<number>((sum, share) => sum + (share ?? 0), 0)).toBeCloseTo(1, 9);
        }
      }),
    );
  });

  it("belong to a label and a prediction", () => {
    expect(cellAt(6, 3)).toEqual({ label: 2, predicted: 0 });
  });

  it("name the wrong cells with the most pixels", () => {
    expect(mostConfused(confusion, 3, 5)).toEqual([
      { label: 2, predicted: 0, pixels: 3, share: 0.75 },
      { label: 0, predicted: 1, pixels: 2, share: 0.25 },
    ]);
  });
});

describe("keys in the matrix", () => {
  const cell = { label: 1, predicted: 1 };

  it("move by one cell and stop at the edges", () => {
    expect(cellAfterKey(cell, "ArrowUp", 3)).toEqual({ label: 0, predicted: 1 });
    expect(cellAfterKey({ label: 0, predicted: 2 }, "ArrowUp", 3)).toEqual({ label: 0, predicted: 2 });
    expect(cellAfterKey({ label: 0, predicted: 2 }, "ArrowRight", 3)).toEqual({ label: 0, predicted: 2 });
    expect(cellAfterKey(cell, "End", 3)).toEqual({ label: 1, predicted: 2 });
  });

  it("that mean nothing lead nowhere", () => {
    expect(cellAfterKey(cell, "x", 3)).toBeNull();
  });
});
