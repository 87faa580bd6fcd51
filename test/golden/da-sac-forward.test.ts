// Passes of DA-SAC's networks against the recorded ones: logits, labels, running statistics, and what single modules put out.
import { crc32 } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { bytesOfTensor, toFloat32 } from "../../src-main/engine/checkpoints/state-dict.ts";
import { topologicalOrder } from "../../src-main/engine/graph/graph.ts";
import { at } from "../../src-main/engine/graph/node.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import { resizeBilinear } from "../../src-main/engine/graph/ops/resize-bilinear.ts";
import type { Node } from "../../src-main/engine/graph/types.ts";
import { argmaxLabels } from "../../src-main/engine/images/argmax.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import { runningStatistics } from "../../src-main/engine/methods/shared/running-statistics.ts";
import { type Architecture, forward } from "../../src-main/engine/models/architecture.ts";
import { daSacNetwork } from "../../src-main/engine/models/da-sac-networks.ts";
import { GraphScope, type StatisticsSource } from "../../src-main/engine/models/model-scope.ts";
import { parameterGroups } from "../../src-main/engine/models/parameter-groups.ts";
import type { DaSacNetwork } from "../../src-shared/contract/training/da-sac.ts";
import { daSacStateDict, recordedNetwork } from "../helpers/da-sac-network.ts";
import { DA_SAC_FIXTURES } from "../helpers/fixtures-root.ts";
import { goldenCases } from "../helpers/golden-cases.ts";
import { imageBatch } from "../helpers/image-batch.ts";
import { countDiffering, differenceFromSummary, differenceOf, type Summary, subsampled } from "../helpers/recorded.ts";
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

/** What was recorded of one pass, by its recorded names. */
function passOutputs(
  architecture: Architecture,
  statistics: StatisticsSource,
  imageShape: readonly number[],
  wanted: readonly string[],
  pass: string,
): Record<string, Node> {
  const scope = new ModuleScope(architecture.normalization, { statistics });
  const { logits, features } = forward(architecture, scope, input("image", imageShape));
  const found = convolutions(logits);
  const modules = new Map([...scope.modules, ...found]);
  const head = found.get("vgg_head.8");
  if (head !== undefined) modules.set("vgg_head", head);
  for (const [stage, maps] of features) for (const name of stageModules(stage)) modules.set(name, maps[0]);
  const outputs = new Map<string, Node>([
    [`${pass}/logits`, logits],
    [`${pass}/logits_up`, resizeBilinear(logits, [at(imageShape, 2), at(imageShape, 3)], architecture.alignCorners)],
    ...[...modules].map(([name, node]): [string, Node] => [`${pass}/module/${name}`, node]),
    ...Object.entries(runningStatistics(scope)).map(([key, node]): [string, Node] => [`${pass}/after/${key}`, node]),
  ]);
  return Object.fromEntries([...outputs].filter(([name]) => wanted.includes(name)));
}

/** Notes what normalisation layers put out. */
class ModuleScope extends GraphScope {
  readonly modules = new Map<string, Node>();

  override normalize(x: Node, layer: string): Node {
    const normalized = super.normalize(x, layer);
    this.modules.set(layer, normalized);
    return normalized;
  }
}

/** Every convolution by the key of its weight, with its bias; and every block of a ResNet by what the next one takes. */
function convolutions(logits: Node): Map<string, Node> {
  const modules = new Map<string, Node>();
  for (const node of topologicalOrder([logits])) {
    const key = weightOf(node);
    if (key !== undefined) modules.set(key, node);
    const block = key === undefined ? null : /^(.*)\.(\d+)\.conv1$/.exec(key);
    if (block !== null && block[2] !== "0") modules.set(`${block[1]}.${Number(block[2]) - 1}`, at(node.inputs, 0));
    const [product] = node.inputs;
    const biased = node.op.name === "add" && product !== undefined ? weightOf(product) : undefined;
    if (biased !== undefined) modules.set(biased, node);
  }
  return modules;
}

function weightOf({ op, inputs }: Node): string | undefined {
  const weight = op.name === "conv" ? inputs[1] : undefined;
  return weight !== undefined && input.is(weight) ? weight.attrs.name.replace(/\.weight$/, "") : undefined;
}

/** What the originals call the modules that a stage ends with. */
function stageModules(stage: string): readonly string[] {
  return STAGE_MODULES[stage] ?? [`model.${stage}`];
}

const STAGE_MODULES: Readonly<Record<string, readonly string[]>> = {
  stem: ["model.maxpool"],
  conv1: ["features.6"],
  conv2: ["features.13"],
  conv3: ["features.23", "block1"],
  conv4: ["block2"],
  conv5: ["block3"],
  head: ["model.layer5", "classifier"],
};
