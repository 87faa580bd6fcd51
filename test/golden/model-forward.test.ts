// Evaluation passes of every architecture against the recorded ones: logits, labels, and what each part of the network puts out.
import { beforeAll, describe, expect, it } from "vitest";
import { graphOf } from "../../src-main/engine/graph/graph.ts";
import { at } from "../../src-main/engine/graph/node.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import type { Node } from "../../src-main/engine/graph/types.ts";
import { argmaxLabels } from "../../src-main/engine/images/argmax.ts";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import type { RgbImage } from "../../src-main/engine/images/rgb-image.ts";
import { floats, predictWith } from "../../src-main/engine/methods/inference/predict.ts";
import { outputOf, type SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import type { Architecture, Features } from "../../src-main/engine/models/architecture.ts";
import { GraphScope } from "../../src-main/engine/models/model-scope.ts";
import type { DeviceTensor, NamedTensors } from "../../src-main/engine/runtimes/runtime.ts";
import { FIXTURES } from "../helpers/fixtures-root.ts";
import { type GoldenModelCase, goldenModel, readCase } from "../helpers/golden-model.ts";
import { differenceFromSummary, differenceOf, type Summary } from "../helpers/recorded.ts";
import { onnxRuntime } from "../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../helpers/safetensors-fixture.ts";

interface RecordedModule extends Summary {
  readonly discrepancy: { readonly f64_max_abs: number; readonly f32_other_max_abs: number };
}

interface RecordedRun {
  readonly image: string;
  readonly alpha: number;
  readonly tensors: { readonly lowres_logits: string; readonly logits?: string };
  readonly logits: Summary;
  readonly argmax_histogram: readonly number[];
  /** In the order of computation. */
  readonly activations: Readonly<Record<string, RecordedModule>>;
  readonly suggested_tolerance: {
    readonly logits_max_abs: number;
    readonly logits_rms: number;
    readonly lowres_logits_max_abs: number;
    readonly lowres_logits_rms: number;
    readonly argmax_pixels_differing: number;
  };
}

interface ForwardCase extends GoldenModelCase {
  readonly tensor_file: string;
  readonly runs: readonly RecordedRun[];
}

interface ComputedRun {
  readonly image: RgbImage;
  readonly pixels: Float32Array;
  readonly lowResolution: Float32Array;
  readonly logits: Float32Array;
  readonly modules: ReadonlyMap<string, Float32Array>;
}

describe.each(["deeplab-resnet50", "deeplab-resnet101", "deeplabv3plus-resnet50", "hrnet18"])("%s forward", (name) => {
  const folder = `A-forward/${name}`;
  const golden = readCase<ForwardCase>(folder);
  const recorded = readFixtureTensors(`${FIXTURES}${folder}/${golden.tensor_file}`);
  const runs = golden.runs.map((run, index): [string, number] => [`${run.image} with alpha ${run.alpha}`, index]);
  const computed: ComputedRun[] = [];

  beforeAll(async () => {
    // A model whose alpha is 0 in every layer has a graph of its own, without the image's statistics.
    const plain = await goldenModel(onnxRuntime, folder, golden, 0);
    const mixing = await goldenModel(onnxRuntime, folder, golden, 0.1);
    for (const run of golden.runs) computed.push(await compute(run.alpha === 0 ? plain : mixing, folder, run));
    await plain.dispose();
    await mixing.dispose();
  });

  it.each(runs)("%s: no module drifts, from the first on", (_, index) => {
    const { activations } = at(golden.runs, index);
    const drifts = Object.entries(activations).flatMap(([module, summary]) => {
      const found = at(computed, index).modules.get(module) ?? new Float32Array();
      const difference = differenceFromSummary(found, summary);
      const limit = toleranceOf(summary);
      return difference <= limit
        ? []
        : [`${module}: ${difference.toExponential(1)}, allowed ${limit.toExponential(1)}`];
    });
    expect(drifts).toEqual([]);
  });

  it.each(runs)("%s: low-resolution logits", (_, index) => {
    const { tensors, suggested_tolerance: tolerance } = at(golden.runs, index);
    const { largest, rms } = differenceOf(at(computed, index).lowResolution, recorded(tensors.lowres_logits).data);
    expect(largest).toBeLessThan(tolerance.lowres_logits_max_abs);
    expect(rms).toBeLessThan(tolerance.lowres_logits_rms);
  });

  it.each(runs)("%s: logits at the image's size", (_, index) => {
    const { tensors, logits, suggested_tolerance: tolerance } = at(golden.runs, index);
    const found = at(computed, index).logits;
    expect(differenceFromSummary(found, logits)).toBeLessThan(tolerance.logits_max_abs);
    if (tensors.logits === undefined) return;
    const { largest, rms } = differenceOf(found, recorded(tensors.logits).data);
    expect(largest).toBeLessThan(tolerance.logits_max_abs);
    expect(rms).toBeLessThan(tolerance.logits_rms);
  });

  it.each(runs)("%s: pixels of each class", (_, index) => {
    const { argmax_histogram: expected, suggested_tolerance: tolerance } = at(golden.runs, index);
    const { logits, image } = at(computed, index);
    const histogram = expected.map(() => 0);
    for (const label of argmaxLabels(logits, golden.num_classes, image.height, image.width).data) {
      histogram[label] = at(histogram, label) + 1;
    }
    // A pixel that differs is missing from one class and too much in another.
    const moved = histogram.reduce((sum, count, k) => sum + Math.abs(count - at(expected, k)), 0);
    expect(moved / 2).toBeLessThanOrEqual(tolerance.argmax_pixels_differing);
  });

  if (name === "deeplab-resnet50") {
    it("the normalised input, bit by bit", () => {
      expect(at(computed, 0).pixels).toEqual(recorded("input.normalized").data);
    });
  }
});

/** The fixtures' own rule, ten times the largest difference they measured, without its floor. */
function toleranceOf({ discrepancy }: RecordedModule): number {
  return 10 * Math.max(discrepancy.f64_max_abs, discrepancy.f32_other_max_abs);
}

async function compute(model: SegmentationModel, folder: string, run: RecordedRun): Promise<ComputedRun> {
  const image = await decodeImage(`${FIXTURES}${folder}/${run.image}`);
  const weights = withAlpha(model.base, run.alpha);
  const pixels = model.upload(image);
  const { scores, lowResolution } = await predictWith(model, pixels, [image.height, image.width], weights, {});
  return {
    image,
    pixels: await floats(pixels),
    lowResolution: lowResolution ?? new Float32Array(),
    logits: scores,
    modules: await moduleOutputs(model, pixels, weights, Object.keys(run.activations)),
  };
}

function withAlpha(base: NamedTensors, alpha: number): NamedTensors {
  const shared = onnxRuntime.upload(Float32Array.of(alpha), []);
  return new Map([...base].map(([key, tensor]) => [key, key.endsWith(".alpha") ? shared : tensor]));
}

/** Notes what every module puts out, under the original's module names. */
class ModuleScope extends GraphScope {
  readonly modules = new Map<string, Node>();
  readonly #layers = new Map<Node, string>();

  override normalize(x: Node, layer: string): Node {
    const normalized = super.normalize(x, layer);
    this.modules.set(convolutionBefore(layer), x);
    this.modules.set(layer, normalized);
    this.#layers.set(normalized, layer);
    const source = at(x.inputs, 0);
    const block = /^(.*)\.(\d+)\.bn1$/.exec(layer);
    // What a block's first convolution takes is what the block before put out.
    if (block !== null && block[2] !== "0") this.modules.set(`${block[1]}.${Number(block[2]) - 1}`, source);
    const branch = /^(.*)\.(\d+)\.branches\.(\d+)\.0\.bn1$/.exec(layer);
    // And what a branch's first block takes, what the module before put out there.
    if (branch !== null && branch[2] !== "0") {
      this.modules.set(`${branch[1]}.${Number(branch[2]) - 1}[${branch[3]}]`, source);
    }
    // The pooled branch ends with an enlargement, which no layer follows but the joining.
    if (layer === "model.classifier.aspp.project.1") {
      this.modules.set("model.classifier.aspp.convs.4", at(source.inputs, 4));
    }
    return normalized;
  }

  /** A chain of modules that ends with a ReLU is known by the names it is nested in. */
  override activate(x: Node): Node {
    const active = super.activate(x);
    const layer = this.#layers.get(x);
    for (let name = chainOf(layer); name !== undefined; name = chainOf(name)) this.modules.set(name, active);
    return active;
  }
}

function convolutionBefore(layer: string): string {
  if (/\.bn\d$/.test(layer)) return layer.replace(/bn(\d)$/, "conv$1");
  return layer.replace(/\d+$/, (place) => String(Number(place) - 1));
}

/** The module that holds a module numbered in it. */
function chainOf(name: string | undefined): string | undefined {
  return name === undefined ? undefined : /^(.*)\.\d+$/.exec(name)?.[1];
}

/** What a stage is called in the record, where it is not its own name. */
const STAGE_MODULES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  deeplab: { stem: "backbone.maxpool", head: "cls_head" },
  deeplabv3plus: { stem: "model.backbone.maxpool", head: "model.classifier" },
  hrnet18: { head: "model.last_layer" },
};
const STAGE_PREFIXES: Readonly<Record<string, string>> = {
  deeplab: "backbone.",
  deeplabv3plus: "model.backbone.",
  hrnet18: "model.",
};

function modulesOf({ arch, stages, normalization }: Architecture, image: Node): ReadonlyMap<string, Node> {
  const scope = new ModuleScope(normalization, { statistics: "mixed" });
  let features: Features = [image];
  for (const stage of stages) {
    features = stage.apply(scope, features);
    const name = STAGE_MODULES[arch]?.[stage.name] ?? `${STAGE_PREFIXES[arch]}${stage.name}`;
    for (const [k, feature] of features.entries()) scope.modules.set(`${name}[${k}]`, feature);
    // An HRNet's first stages are named as the convolution in them.
    if (!stage.name.startsWith("conv")) scope.modules.set(name, at(features, 0));
  }
  return scope.modules;
}

async function moduleOutputs(
  model: SegmentationModel,
  pixels: DeviceTensor,
  weights: NamedTensors,
  names: readonly string[],
): Promise<ReadonlyMap<string, Float32Array>> {
  const program = await model.programs.get(`modules ${pixels.shape}`, () => {
    const modules = modulesOf(model.architecture, input("image", pixels.shape));
    return graphOf(Object.fromEntries([...modules].filter(([name]) => names.includes(name))));
  });
  const outputs = await program.run(new Map([...weights, ["image", pixels]]));
  const copies = new Map<string, Float32Array>();
  for (const name of names) copies.set(name, await floats(outputOf(outputs, name)));
  for (const tensor of outputs.values()) tensor.dispose();
  return copies;
}
