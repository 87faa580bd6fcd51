// Passes of DA-SAC's networks against the recorded ones: logits, labels, running statistics, and what single modules put out.
import { crc32 } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { bytesOfTensor, toFloat32 } from "../../src-main/engine/checkpoints/state-dict.ts";
import { at } from "../../src-main/engine/graph/node.ts";
import { argmaxLabels } from "../../src-main/engine/images/argmax.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import { daSacNetwork } from "../../src-main/engine/models/da-sac-networks.ts";
import { parameterGroups } from "../../src-main/engine/models/parameter-groups.ts";
import type { DaSacNetwork } from "../../src-shared/contract/training/da-sac.ts";
import { daSacStateDict, recordedNetwork } from "../helpers/da-sac-network.ts";
import { DA_SAC_FIXTURES } from "../helpers/fixtures-root.ts";
import { goldenCases } from "../helpers/golden-cases.ts";
import { imageBatch } from "../helpers/image-batch.ts";
import { countDiffering, differenceFromSummary, differenceOf, type Summary, subsampled } from "../helpers/recorded.ts";
import { passOutputs } from "../helpers/recorded-passes.ts";
import { evaluateNamed, onnxRuntime } from "../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../helpers/safetensors-fixture.ts";

type RecordedValue = { readonly tol: number; readonly shape: readonly number[] } & (
  | { readonly tensor: string }
  | { readonly png: string }
  | { readonly values: readonly number[] }
  | Summary
);

interface ForwardCase {
  readonly arch: DaSacNetwork;
  /** What goes in, by the pass: an image, or several in one batch. */
  readonly inputs: Readonly<Record<string, string | readonly string[]>>;
  /** `PASS/logits`, `PASS/logits_up`, `PASS/prediction`, `PASS/module/NAME`, `train/after/KEY`. */
  readonly values: Readonly<Record<string, RecordedValue>>;
}

const CASES = goldenCases<ForwardCase>(`${DA_SAC_FIXTURES}A-forward`);

describe.each(CASES.map(({ name, ...rest }) => [name, rest] as const))("%s", (_, { folder, json: golden }) => {
  const recordedTensor = readFixtureTensors(`${folder}tensors.safetensors`);
  const network = recordedNetwork(golden.arch);
  const architecture = daSacNetwork(golden.arch, network.num_classes);
  const computed = new Map<string, Float32Array>();

  beforeAll(async () => {
    const stateDict = daSacStateDict(golden.arch);
    for (const { key, crc32: expected } of network.tensors) {
      const tensor = stateDict.get(key);
      const found = tensor === undefined ? "missing" : crc32(bytesOfTensor(tensor)).toString(16).padStart(8, "0");
      if (found !== expected) throw new Error(`the generated "${key}" is not the recorded one`);
    }
    const weights = [...stateDict].map(([key, tensor]) => [key, { ...tensor, data: toFloat32(tensor) }] as const);
    for (const [pass, files] of Object.entries(golden.inputs)) {
      const images = await imageBatch([files].flat().map((file) => `${folder}${file}`));
      const wanted = Object.keys(golden.values).filter((value) => value.startsWith(`${pass}/`));
      const outputs = passOutputs(architecture, pass === "train" ? "batch" : "running", images.shape, wanted, pass);
      const found = await evaluateNamed(onnxRuntime, new Map([...weights, ["image", images]]), outputs);
      for (const [value, data] of Object.entries(found)) computed.set(value, data as Float32Array);
      computed.set(`${pass}/input`, images.data as Float32Array);
    }
  });

  it("asks for the recorded keys, in state order", () => {
    const keys = network.tensors.map(({ key, shape }) => [key, shape]);
    expect([...architecture.keys]).toEqual(keys);
  });

  it("has the recorded groups of parameters, in the optimizer's order", () => {
    const groups = parameterGroups(architecture).map(({ keys }) => keys);
    expect(groups).toEqual(network.parameter_groups.map(({ params }) => params));
  });

  it.each(Object.keys(golden.inputs))("%s: modules, logits and statistics are the recorded ones", (pass) => {
    const drifts = Object.entries(golden.values).flatMap(([value, recorded]) => {
      if (!value.startsWith(`${pass}/`) || "png" in recorded || "values" in recorded) return [];
      const found = foundValue(value);
      const expected = "tensor" in recorded ? recordedTensor(value).data : undefined;
      const difference =
        expected === undefined
          ? differenceFromSummary(found, recorded as Summary)
          : differenceOf(found, expected).largest;
      return difference <= recorded.tol ? [] : [`${value}: ${difference.toExponential(1)}, allowed ${recorded.tol}`];
    });
    expect(drifts).toEqual([]);
  });

  const predictions = Object.entries(golden.values).flatMap(([value, recorded]) =>
    "png" in recorded ? [[value, recorded.png, recorded] as const] : [],
  );
  it.each(predictions)("%s has the recorded labels", async (value, png, { shape, tol }) => {
    const [height, width] = [at(shape, 0), at(shape, 1)];
    const logits = foundValue(value.replace("/prediction", "/logits_up"));
    const labels = argmaxLabels(logits, architecture.numClasses, height, width);
    expect(countDiffering(labels.data, (await decodeLabelMap(`${folder}${png}`)).data)).toBeLessThanOrEqual(tol);
  });

  /** By its recorded name; enlarged logits are recorded at every fourth pixel, too. */
  function foundValue(value: string): Float32Array {
    const [whole, stride] = value.split("_stride");
    const found = computed.get(whole ?? value);
    if (found === undefined) throw new Error(`"${value}" was not computed`);
    if (stride === undefined) return found;
    const [, , height = 0, width = 0] = golden.values[whole ?? value]?.shape ?? [];
    return subsampled(found, height, width, Number(stride));
  }
});
