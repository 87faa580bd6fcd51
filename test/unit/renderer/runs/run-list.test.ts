import { describe, expect, it } from "vitest";
import { pagesOf, rowAfterKey, serverPlace } from "../../../../src-renderer/features/runs/run-pages.ts";
import { parameterRows } from "../../../../src-renderer/features/runs/run-parameters.ts";
import { durationOf, formatDate, gainOf, keyParameters, runTitle } from "../../../../src-renderer/state/run-words.ts";
import { someConfig, someRun } from "./some-runs.ts";

describe("the list of runs", () => {
  it("skips the runs that are hidden", () => {
    const shown = [0, 1, 2, 3].map((place) => serverPlace(place, [1, 3]));
    expect(shown).toEqual([0, 2, 4, 5]);
  });

  it("asks for the pages that are in view, and for none past the end", () => {
    expect(pagesOf(90, 130, 1000)).toEqual([0, 100]);
    expect(pagesOf(0, 50, 20)).toEqual([0]);
    expect(pagesOf(0, 50, 0)).toEqual([]);
  });

  it("moves by keys and stays within the list", () => {
    expect(rowAfterKey("ArrowDown", -1, 10, 5)).toBe(0);
    expect(rowAfterKey("PageDown", 2, 10, 5)).toBe(4);
    expect(rowAfterKey("Home", 4, 10, 5)).toBe(0);
    expect(rowAfterKey("ArrowUp", 0, 10, 5)).toBe(0);
    expect(rowAfterKey("Enter", 0, 10, 5)).toBeNull();
    expect(rowAfterKey("End", 0, 10, 0)).toBeNull();
  });
});

describe("a run in words", () => {
  it("has every parameter of its method and marks what differs from the recipe", () => {
    const rows = parameterRows(someConfig({ baseLr: 0.01, alpha: 0.5 }));
    expect(rows.filter(({ isChanged }) => isChanged)).toEqual([
      { key: "baseLr", name: "Learning rate", value: "0.01", isChanged: true },
      { key: "alpha", name: "Alpha", value: "0.5", isChanged: true },
    ]);
    expect(rows.map(({ name }) => name)).toContain("Frozen ResNet layers");
    expect(parameterRows(someConfig({ method: "predict" })).map(({ name }) => name)).not.toContain("Learning rate");
  });

  it("names the parameters that matter most", () => {
    expect(keyParameters(someConfig({ numEpochs: 1 }))).toBe("lr 0.05 · 1 iter. · threshold 0.7");
    expect(runTitle({ method: "predict", config: someConfig({ method: "predict" }) })).toBe("Predict");
    expect(keyParameters(someConfig({ method: "tta", alpha: 0.1 }))).toBe("scales 0.25, 0.5, 0.75 · alpha 0.1");
  });

  it("knows duration and gain only where both ends are known", () => {
    expect(durationOf(someRun("1"))).toBe(20);
    expect(durationOf(someRun("1", { endedAt: null }))).toBeNull();
    expect(gainOf(someRun("1"))).toBeCloseTo(0.1);
    expect(gainOf(someRun("1", { miouBefore: null }))).toBeNull();
  });

  it("shows the time of this year's dates, the year of others'", () => {
    const now = new Date(2026, 5, 1).getTime();
    expect(formatDate(new Date(2026, 1, 3, 9, 5).getTime(), now)).toBe("3 Feb, 09:05");
    expect(formatDate(new Date(2024, 1, 3).getTime(), now)).toBe("3 Feb 2024");
  });
});
