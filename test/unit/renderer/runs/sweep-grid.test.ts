import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadCheckpoint } from "../../../../src-main/engine/models/load-checkpoint.ts";
import {
  enteredValue,
  estimatedConfigs,
  firstGrid,
  firstValues,
  gridWords,
  offeredAxes,
  offeredValues,
  toggledValue,
  withValues,
} from "../../../../src-renderer/features/runs/sweep-grid.ts";
import { recommendedIn } from "../../../../src-shared/contract/recommended-parameters.ts";
import { ownParameter } from "../../../../src-shared/contract/workbench/runs.ts";
import { someConfig } from "./some-runs.ts";

describe("the grid of a sweep", () => {
  it("begins with the form's values and those beside them", () => {
    expect(firstGrid(someConfig())).toEqual({ baseLr: [0.02, 0.05, 0.1], numEpochs: [5, 10, 20] });
  });

  it("has values on both sides of those that the sample's checkpoint recommends", async () => {
    const path = fileURLToPath(new URL("../../../../resources/sample/checkpoint.safetensors", import.meta.url));
    const recommended = recommendedIn((await loadCheckpoint(path)).metadata, path)?.parameters;
    const config = someConfig(recommended);
    const { baseLr, numEpochs } = firstGrid(config);
    expect(baseLr?.indexOf(config.baseLr)).toBe(1);
    expect(baseLr).toHaveLength(3);
    expect(numEpochs?.indexOf(config.numEpochs)).toBe(1);
    expect(numEpochs).toHaveLength(3);
    expect(firstValues("threshold", config)).toHaveLength(3);
    expect(firstValues("threshold", config)[1]).toBe(config.threshold);
  });

  it("begins with a value nobody offers, too", () => {
    expect(firstGrid(someConfig({ baseLr: 0.03 })).baseLr).toEqual([0.02, 0.03, 0.05]);
    expect(offeredValues("baseLr", [0.03])).toContain(0.03);
  });

  it("begins an added axis around the form's value, of lists and switches with all that is offered", () => {
    expect(firstValues("alpha", someConfig({ alpha: 0.2 }))).toEqual([0.1, 0.2, 0.3]);
    expect(firstValues("flips", someConfig())).toEqual([false, true]);
    expect(firstValues("scales", someConfig({ scales: [0.3] }))).toContainEqual([0.3]);
    expect(firstValues("alpha", someConfig())[0]).toBeNull();
  });

  it("can have its last value taken away: the form's own stands then", () => {
    expect(toggledValue([0.5], 0.5)).toEqual([]);
    expect(withValues({ baseLr: [0.1], threshold: [0.5] }, "baseLr", [])).toEqual({ threshold: [0.5] });
  });

  it("takes values in order, and no more than the server takes", () => {
    expect(toggledValue([0.5], 0.1)).toEqual([0.1, 0.5]);
    expect(toggledValue([[1, 2]], [])).toEqual([[], [1, 2]]);
    expect(toggledValue([[], [1, 2]], [1, 2])).toEqual([[]]);
    const full = Array.from({ length: 20 }, (_, index) => index);
    expect(toggledValue(full, 99)).toEqual(full);
  });

  it("offers the frozen layers of the network at hand, and seeds only where they matter", () => {
    expect(offeredAxes("resnetLayers", { dropout: false })).not.toContain("hrnetLayers");
    expect(offeredAxes("hrnetLayers", { dropout: false })).not.toContain("seed");
    expect(offeredAxes("hrnetLayers", { dropout: true })).toEqual(expect.arrayContaining(["hrnetLayers", "seed"]));
  });

  it("refuses typed values that no run takes, and reads lists", () => {
    expect(enteredValue("numEpochs", "1.5")).toHaveProperty("problem");
    expect(enteredValue("numEpochs", "1e9")).toHaveProperty("problem");
    expect(enteredValue("threshold", "1.5")).toHaveProperty("problem");
    expect(enteredValue("baseLr", "fast")).toHaveProperty("problem");
    expect(enteredValue("baseLr", "0,02")).toEqual({ value: 0.02 });
    expect(enteredValue("scales", "1, 0.5")).toEqual({ value: [0.5, 1] });
    expect(enteredValue("scales", "half")).toEqual({ problem: "Give numbers with commas between them." });
    expect(enteredValue("resnetLayers", "none")).toEqual({ value: [] });
    expect(enteredValue("resnetLayers", "5")).toEqual({ problem: "Layers are 1 to 4." });
    expect(enteredValue("window", "1024x512")).toEqual({ value: [1024, 512] });
    expect(enteredValue("window", "512, 512")).toEqual({ value: [512, 512] });
    expect(enteredValue("window", "512")).toEqual({
      problem: "A window has a height and a width, such as 512x1024.",
    });
  });

  it("says how many values each axis has", () => {
    expect(gridWords({ baseLr: [1, 2, 3], numEpochs: [1, 2], threshold: [0.7] })).toBe("3 × 2");
  });

  it("asks for the time once for all runs that take the same", () => {
    const configs = [
      someConfig({ baseLr: 0.1 }),
      someConfig({ baseLr: 0.2, threshold: 0.5 }),
      someConfig({ scales: [1] }),
    ];
    expect(estimatedConfigs(configs).map(([config, count]) => [ownParameter(config, "scales"), count])).toEqual([
      [[0.25, 0.5, 0.75], 2],
      [[1], 1],
    ]);
  });
});
