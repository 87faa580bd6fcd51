// The table of keys.
import { describe, expect, it } from "vitest";
import {
  fitText,
  parameterCount,
  shapeText,
  shownKeys,
} from "../../../../src-renderer/features/checkpoints/key-rows.ts";
import type { CheckpointKey } from "../../../../src-shared/contract/workbench/checkpoints.ts";

function key(name: string, fit: CheckpointKey["fit"], shape: number[] = [2, 3]): CheckpointKey {
  return { key: name, dtype: "float32", shape, fit, expectedShape: null, noNumbers: 0 };
}

const KEYS = [
  key("layer1.0.conv1.weight", "matched"),
  key("layer1.0.bn1.num_batches_tracked", "matched", []),
  key("fc.weight", "unexpected"),
  key("head.bias", "missing", [19]),
];

describe("the table of keys", () => {
  it("finds keys that have all the words", () => {
    expect(shownKeys(KEYS, "LAYER1 weight", false).map((row) => row.key)).toEqual(["layer1.0.conv1.weight"]);
    expect(shownKeys(KEYS, "", false)).toHaveLength(4);
  });

  it("shows only problems when asked to", () => {
    expect(shownKeys(KEYS, "", true).map((row) => row.key)).toEqual(["fc.weight", "head.bias"]);
  });

  it("says of a key how many of its values are no numbers: it is a problem even where it fits", () => {
    const broken = { ...key("layer1.0.bn1.weight", "matched"), noNumbers: 1200 };
    expect(shownKeys([...KEYS, broken], "layer1", true)).toEqual([broken]);
    expect(fitText(broken)).toBe("1,200 no numbers");
    expect(fitText(key("layer1.0.bn1.weight", "matched"))).toBe("Fits");
  });

  it("counts the values that are in the file", () => {
    expect(parameterCount(KEYS)).toBe(6 + 1 + 6);
  });

  it("writes shapes", () => {
    expect(shapeText([64, 3, 7, 7])).toBe("64 × 3 × 7 × 7");
    expect(shapeText([])).toBe("single value");
  });
});
