// Passes of CROTS's network against the recorded ones: logits, labels, running statistics, and what single modules put out.
import { crc32 } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { bytesOfTensor, toFloat32 } from "../../../src-main/engine/checkpoints/state-dict.ts";
import { graphOf, topologicalOrder } from "../../../src-main/engine/graph/graph.ts";
import { at } from "../../../src-main/engine/graph/node.ts";
import { input } from "../../../src-main/engine/graph/ops/input.ts";
import { argmaxLabels } from "../../../src-main/engine/images/argmax.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import { forward } from "../../../src-main/engine/models/architecture.ts";
import { behindCaffeInput } from "../../../src-main/engine/models/caffe-input.ts";
import { GraphScope } from "../../../src-main/engine/models/model-scope.ts";
import { caffeBatch, crotsArchitecture, crotsNetwork, crotsStateDict } from "../../helpers/crots-network.ts";
import { CROTS_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { imageBatch } from "../../helpers/image-batch.ts";
import { countDiffering, differenceFromSummary, differenceOf, type Summary } from "../../helpers/recorded.ts";
import { passOutputs } from "../../helpers/recorded-passes.ts";
import { evaluateNamed, onnxRuntime } from "../../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../../helpers/safetensors-fixture.ts";

type RecordedValue = { readonly tol: number; readonly shape: readonly number[] } & (
  | { readonly tensor: string }
  | { readonly png: string }
  | { readonly values: readonly number[] }
  | Summary
);

interface ForwardCase {
  readonly inputs: Readonly<Record<string, string | readonly string[]>>;
  readonly values: Readonly<Record<string, RecordedValue>>;
}

const architecture = crotsArchitecture();

describe.each(goldenCases<ForwardCase>(`${CROTS_FIXTURES}A-forward`))("A-forward $name", ({ folder, json }) => {
  const recordedTensor = readFixtureTensors(`${folder}tensors.safetensors`);
  const computed = new Map<string, Float32Array>();
  const weights = new Map(
    [...crotsStateDict()].map(([key, tensor]) => [key, { ...tensor, data: toFloat32(tensor) }] as const),
  );

  beforeAll(async () => {
    for (const [pass, files] of Object.entries(json.inputs)) {
      const images = await caffeBatch([files].flat().map((file) => `${folder}${file}`));
      const wanted = Object.keys(json.values).filter((value) => value.startsWith(`${pass}/`));
      const statistics = pass === "train" ? "batch" : "running";
      const outputs = passOutputs(behindCaffeInput(architecture), statistics, images.shape, wanted, pass);
      const found = await evaluateNamed(onnxRuntime, new Map([...weights, ["image", images]]), outputs);
      for (const [value, data] of Object.entries(found)) computed.set(value, data as Float32Array);
      computed.set(`${pass}/input`, images.data as Float32Array);
    }
  });

  it.each(Object.keys(json.inputs))("%s: modules, logits and statistics are the recorded ones", (pass) => {
    const drifts = Object.entries(json.values).flatMap(([value, recorded]) => {
      if (!value.startsWith(`${pass}/`) || "png" in recorded || "values" in recorded) return [];
      const found = foundValue(value);
      const difference =
        "tensor" in recorded
          ? differenceOf(found, recordedTensor(value).data).largest
          : differenceFromSummary(found, recorded);
      return difference <= recorded.tol ? [] : [`${value}: ${difference.toExponential(1)}, allowed ${recorded.tol}`];
    });
    expect(drifts).toEqual([]);
  });

  const predictions = Object.entries(json.values).flatMap(([value, recorded]) =>
    "png" in recorded ? [[value, recorded.png, recorded] as const] : [],
  );
  it.each(predictions)("%s has the recorded labels", async (value, png, { shape, tol }) => {
    const logits = foundValue(value.replace("/prediction", "/logits_up"));
    const labels = argmaxLabels(logits, architecture.numClasses, at(shape, 0), at(shape, 1));
    expect(countDiffering(labels.data, (await decodeLabelMap(`${folder}${png}`)).data)).toBeLessThanOrEqual(tol);
  });

  it("gives the same logits from the ImageNet-normalised image that all networks here are given", async () => {
    const images = await imageBatch([`${folder}${json.inputs.eval2}`]);
    const { logits } = forward(
      architecture,
      new GraphScope("plain", { statistics: "running" }),
      input("image", images.shape),
    );
    const found = await evaluateNamed(onnxRuntime, new Map([...weights, ["image", images]]), { logits });
    const recorded = json.values["eval2/logits"];
    expect(differenceOf(found.logits ?? [], recordedTensor("eval2/logits").data).largest).toBeLessThanOrEqual(
      recorded?.tol ?? 0,
    );
  });

  it("runs the recorded branches of the classifier", () => {
    const { logits } = forward(
      architecture,
      new GraphScope("plain", { statistics: "running" }),
      input("image", [1, 3, 65, 97]),
    );
    const used = topologicalOrder([...graphOf({ logits }).outputs.values()]).flatMap((node) => {
      const [, branch] = input.is(node) ? (/conv2d_list\.(\d)\.weight$/.exec(node.attrs.name) ?? []) : [];
      return branch === undefined ? [] : [Number(branch)];
    });
    const recorded = json.values.branches_called;
    expect(used).toEqual(recorded !== undefined && "values" in recorded ? recorded.values : null);
  });

  /** A second call gave the low resolution only. */
  function foundValue(value: string): Float32Array {
    const found = computed.get(value.replace("/low/", "/"));
    if (found === undefined) throw new Error(`"${value}" was not computed`);
    return found;
  }
});

describe("released checkpoints", () => {
  const network = crotsNetwork();

  it("have the recorded keys in their order, and as many parameters", () => {
    expect([...architecture.keys]).toEqual(network.tensors.map(({ key, shape }) => [key, shape]));
    const counted = [...architecture.keys].flatMap(([key, shape]) =>
      /\.(weight|bias)$/.test(key) ? [shape.reduce((product, size) => product * size, 1)] : [],
    );
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(network.n_parameters);
  });

  it("are generated as recorded", () => {
    const stateDict = crotsStateDict();
    for (const { key, crc32: expected } of network.tensors) {
      const tensor = stateDict.get(key);
      expect(tensor === undefined ? "missing" : crc32(bytesOfTensor(tensor)).toString(16).padStart(8, "0")).toBe(
        expected,
      );
    }
  });
});
