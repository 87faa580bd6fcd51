// The table of keys that do not fit an architecture.
import { describe, expect, it } from "vitest";
import { deepLabOf } from "../../../../src-main/engine/models/detect-architecture.ts";
import { keyProblems, problemTable, requireMatch } from "../../../../src-main/engine/models/match-state-dict.ts";

const architecture = deepLabOf("resnet18", 19, 8);

function fittingKeys(): Map<string, { shape: readonly number[] }> {
  return new Map([...architecture.keys].map(([key, shape]) => [key, { shape }]));
}

/** One key of each kind of trouble. */
function brokenKeys(): Map<string, { shape: readonly number[] }> {
  const keys = fittingKeys();
  keys.delete("backbone.bn1.alpha");
  keys.set("cls_head.bias", { shape: [16] });
  keys.set("optimizer.step", { shape: [] });
  return keys;
}

const TABLE = [
  "  backbone.bn1.alpha  missing, wants []",
  "  cls_head.bias       is [16], wants [19]",
  "  optimizer.step      unexpected, []",
];

describe("keyProblems", () => {
  it("finds none in a state dict that fits, whatever its order", () => {
    expect(keyProblems(fittingKeys(), architecture)).toEqual([]);
    expect(keyProblems(new Map([...fittingKeys()].reverse()), architecture)).toEqual([]);
  });

  it("finds missing, misshapen and unexpected keys", () => {
    expect(keyProblems(brokenKeys(), architecture)).toEqual([
      { key: "backbone.bn1.alpha", kind: "missing", expected: "[]", found: "" },
      { key: "cls_head.bias", kind: "shape", expected: "[19]", found: "[16]" },
      { key: "optimizer.step", kind: "unexpected", expected: "", found: "[]" },
    ]);
  });

  it("compares the number of axes too", () => {
    const keys = fittingKeys().set("cls_head.weight", { shape: [19, 64] });
    expect(keyProblems(keys, architecture)).toMatchObject([{ kind: "shape", expected: "[19, 64, 1, 1]" }]);
  });
});

describe("problemTable", () => {
  it("has a line for each problem, aligned", () => {
    expect(problemTable(keyProblems(brokenKeys(), architecture))).toEqual(TABLE);
  });
});

describe("requireMatch", () => {
  it("accepts a state dict that fits", () => {
    requireMatch(fittingKeys(), architecture, "good.pth");
  });

  it("counts the problems and shows them", () => {
    expect(() => requireMatch(brokenKeys(), architecture, "bad.pth")).toThrow(
      expect.objectContaining({
        code: "checkpoint.mismatch",
        message: [
          '"bad.pth" does not fit deeplab with resnet18: 1 key missing, 1 unexpected, 1 of another shape; ' +
            "see all with `acclimate inspect`.",
          ...TABLE,
        ].join("\n"),
      }),
    );
  });

  it("shows twelve problems and the number of the others", () => {
    const missing = architecture.keys.size;
    expect(() => requireMatch(new Map(), architecture, "empty.pth")).toThrow(
      expect.objectContaining({ message: expect.stringMatching(new RegExp(`\\n  … and ${missing - 12} more$`)) }),
    );
  });
});
