// The table of weights: order, search and words; large counts of an architecture.
import { describe, expect, it } from "vitest";
import { countWithUnit, outputText } from "../../../../src-renderer/features/checkpoints/architecture-words.ts";
import {
  changesSentence,
  changeText,
  nextWeightSort,
  valueText,
  weightRows,
} from "../../../../src-renderer/features/checkpoints/weight-rows.ts";
import type { TensorChange, TensorStatistics } from "../../../../src-shared/contract/workbench/checkpoints.ts";

function tensor(key: string, max: number | null, notNumbers = 0): TensorStatistics {
  const figures = { min: 0, max, mean: 0, deviation: 0 };
  return {
    key,
    dtype: "float32",
    shape: [4],
    values: 4,
    zeros: 1,
    notNumbers,
    infinities: 0,
    histogram: [4],
    ...figures,
  };
}

const changed = (key: string, relative: number | null): TensorChange => ({
  key,
  kind: "changed",
  relative,
  largest: 1,
});

describe("rows of weights", () => {
  const tensors = [tensor("layer1.weight", 2), tensor("layer1.bias", null, 4), tensor("layer2.weight", 3)];
  const keys = (...rest: [Parameters<typeof weightRows>[1], string, Parameters<typeof weightRows>[3]]) =>
    weightRows(tensors, ...rest).map((row) => row.tensor.key);

  it("stay in the order of the file, or follow a figure with those without one last", () => {
    expect(keys(null, "", { by: "key", descending: false })[0]).toBe("layer1.weight");
    expect(keys(null, "", { by: "max", descending: true })).toEqual(["layer2.weight", "layer1.weight", "layer1.bias"]);
    expect(keys(null, "", { by: "broken", descending: true })[0]).toBe("layer1.bias");
    expect(keys(null, "WEIGHT layer2", { by: "key", descending: false })).toEqual(["layer2.weight"]);
  });

  it("are ordered by how much changed, what has no factor first", () => {
    const changes = [changed("layer1.weight", 0.1), changed("layer1.bias", null), changed("layer2.weight", 0.2)];
    expect(keys(changes, "", { by: "change", descending: true })).toEqual([
      "layer1.bias",
      "layer2.weight",
      "layer1.weight",
    ]);
    expect(nextWeightSort({ by: "change", descending: true }, "change")).toEqual({ by: "change", descending: false });
    expect(nextWeightSort({ by: "change", descending: true }, "max")).toEqual({ by: "max", descending: true });
  });
});

describe("words", () => {
  it("say how much changed", () => {
    expect(changeText(changed("a", 0.0123))).toBe("1.23 %");
    expect(changeText({ key: "a", kind: "same", relative: 0, largest: 0 })).toBe("unchanged");
    expect(changesSentence([changed("a", 1), { key: "b", kind: "same", relative: 0, largest: 0 }])).toBe(
      "1 of 2 tensors differ.",
    );
    expect(changesSentence([{ key: "a", kind: "onlyHere", relative: null, largest: null }])).toMatch(/architectures/);
  });

  it("have three digits", () => {
    expect([0, 0.012345, -2.5, 1e-7, null].map(valueText)).toEqual(["0", "0.0123", "−2.5", "1.0e−7", "–"]);
    expect([999, 1500, 23_508_032, 180e9].map(countWithUnit)).toEqual(["999", "1.50 k", "23.5 M", "180 G"]);
    expect(outputText([1, 64, 8, 16])).toBe("64 × 8 × 16");
  });
});
