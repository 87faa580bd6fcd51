// From a file to a model: what alpha can't be given to.
import { expect, it } from "vitest";
import { modelOn } from "../../../../src-main/engine/process/open-model.ts";
import { labelSetFor } from "../../../../src-shared/labels/label-sets.ts";
import { onnxRuntime } from "../../../helpers/runtimes-under-test.ts";
import { TINY_ARCHITECTURES, tinyWeights } from "../../../helpers/tiny-architectures.ts";

function opened(name: keyof typeof TINY_ARCHITECTURES, alpha: number | undefined) {
  const architecture = TINY_ARCHITECTURES[name];
  const { arch, backbone } = architecture;
  const summary = {
    path: "x",
    format: "safetensors",
    sizeBytes: 1,
    sha256: "0".repeat(64),
    arch,
    backbone,
    numClasses: 19,
    alpha: 0,
  };
  const stateDict = tinyWeights(architecture);
  return modelOn(onnxRuntime, { summary, stateDict, architecture, labelSet: labelSetFor(19), metadata: {} }, alpha);
}

it("an alpha is refused where no layer has statistics of a batch, and taken where the head has", async () => {
  expect(() => opened("dlv2red", 0.1)).toThrow(
    "A dlv2red with mit_b0 has layer norms alone, which have no statistics of a batch: leave alpha 0.1 out.",
  );
  for (const model of [opened("dlv2red", 0), opened("dlv2red", undefined), opened("daformer", 0.1)])
    await model.dispose();
});
