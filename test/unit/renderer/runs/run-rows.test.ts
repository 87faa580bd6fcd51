// Rows of the table of runs: headings over groups, folded ones, and runs that are being deleted.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RunRows, sectionKey, withoutHidden } from "../../../../src-renderer/features/runs/run-rows.ts";
import type { RunSection } from "../../../../src-shared/contract/workbench/run-query.ts";

function section(key: string, count: number): RunSection {
  return { key, label: key, count, bestMiou: null, meanMiou: null };
}

describe("rows of the table", () => {
  it("are the runs themselves without groups", () => {
    const rows = new RunRows(3, null, new Set());
    expect([rows.count, rows.at(2), rows.rowOf(1)]).toEqual([3, { kind: "run", place: 2 }, 1]);
  });

  it("have a heading over each group, and leave out what is folded", () => {
    const [a, b] = [section("a", 2), section("b", 3)];
    const rows = new RunRows(5, [a, b], new Set([sectionKey(a)]));
    expect(rows.count).toBe(5);
    expect(rows.at(0)).toEqual({ kind: "section", section: a, isFolded: true });
    expect(rows.at(1)).toEqual({ kind: "section", section: b, isFolded: false });
    expect(rows.at(2)).toEqual({ kind: "run", place: 2 });
    expect(rows.rowOf(1)).toBe(-1);
    expect(rows.places(0, 4)).toEqual([2, 3, 4]);
    expect(rows.runRow(0, 1)).toBe(2);
    expect(rows.runRow(1, -1)).toBeNull();
  });

  it("find every run that is not folded at its row, and it alone", () => {
    const groups = fc.array(fc.record({ count: fc.integer({ min: 1, max: 5 }), isFolded: fc.boolean() }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(groups, (all) => {
        const sections = all.map(({ count }, index) => section(String(index), count));
        const folded = new Set(sections.filter((_, index) => all[index]?.isFolded).map(sectionKey));
        const total = sections.reduce((sum, { count }) => sum + count, 0);
        const rows = new RunRows(total, sections, folded);
        for (let place = 0; place < total; place++) {
          const row = rows.rowOf(place);
          if (row >= 0) expect(rows.at(row)).toEqual({ kind: "run", place });
        }
        const shown = sections.filter((one) => !folded.has(sectionKey(one))).reduce((sum, { count }) => sum + count, 0);
        expect(rows.places(0, rows.count - 1)).toHaveLength(shown);
      }),
    );
  });

  it("count without the runs that are being deleted; a group of none of them goes", () => {
    expect(withoutHidden([section("a", 2), section("b", 1), section("c", 2)], [1, 2])).toEqual([
      section("a", 1),
      section("c", 2),
    ]);
  });
});
