// A run never writes over what it reads.
import { describe, expect, test } from "vitest";
import type { RunInput } from "../../../../src-main/cli/inputs/run-input.ts";
import { requireInputsStay } from "../../../../src-main/cli/run/require-inputs-stay.ts";

const STREET: RunInput = {
  path: "images/street.png",
  name: "street",
  labelPath: "labels/street_trainIds.png",
  labelEncoding: null,
};

function check(inputs: readonly RunInput[], output: string, saveLogits?: string): () => void {
  return () => requireInputsStay(inputs, "model.safetensors", { output, saveLogits });
}

describe("requireInputsStay", () => {
  test("lets a run write beside what it reads", () => {
    expect(check([STREET], "out", "out/logits.safetensors")).not.toThrow();
    expect(check([STREET], "images")).not.toThrow();
  });

  test("refuses an output folder where a prediction would replace a label file", () => {
    expect(check([STREET], "./labels/")).toThrow('"labels/street_trainIds.png" is read by this run');
  });

  test("refuses an output folder where a prediction would replace another image", () => {
    const other: RunInput = {
      path: "images/street_overlay.png",
      name: "street_overlay",
      labelPath: null,
      labelEncoding: null,
    };
    expect(check([STREET, other], "images")).toThrow('--output: "images/street_overlay.png" is read');
  });

  test("refuses to write the scores over the checkpoint", () => {
    expect(check([STREET], "out", "./model.safetensors")).toThrow('--save-logits: "./model.safetensors" is read');
  });

  test("refuses two images whose scores would go to one file", () => {
    const inputs = ["a/b", "a_b"].map(
      (name): RunInput => ({ path: `${name}.png`, name, labelPath: null, labelEncoding: null }),
    );
    expect(check(inputs, "out")).not.toThrow();
    expect(check(inputs, "out", "s.safetensors")).toThrow('--save-logits: "s_a_b.safetensors" would be written twice');
  });
});
