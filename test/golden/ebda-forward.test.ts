// Evaluation passes of DAFormer on Mix Transformers against the recorded ones: every block, the encoder's maps, logits and labels.
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { toFloat32 } from "../../src-main/engine/checkpoints/state-dict.ts";
import { topologicalOrder } from "../../src-main/engine/graph/graph.ts";
import { at } from "../../src-main/engine/graph/node.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import { reshape } from "../../src-main/engine/graph/ops/reshape.ts";
import { resizeBilinear } from "../../src-main/engine/graph/ops/resize-bilinear.ts";
import { transpose } from "../../src-main/engine/graph/ops/transpose.ts";
import type { Node } from "../../src-main/engine/graph/types.ts";
import { argmaxLabels } from "../../src-main/engine/images/argmax.ts";
import { type Architecture, forward } from "../../src-main/engine/models/architecture.ts";
import { GraphScope } from "../../src-main/engine/models/model-scope.ts";
import { type EbdaNetworkCase, ebdaArchitecture, ebdaRecordedKeys, ebdaStateDict } from "../helpers/ebda-network.ts";
import { EBDA_FIXTURES } from "../helpers/fixtures-root.ts";
import { goldenCases } from "../helpers/golden-cases.ts";
import { imageBatch } from "../helpers/image-batch.ts";
import { differenceFromSummary, differenceOf, type Summary, subsampled } from "../helpers/recorded.ts";
import { evaluateNamed, onnxRuntime } from "../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../helpers/safetensors-fixture.ts";

interface RecordedRun {
  readonly images: readonly string[];
  readonly size_hw: readonly [number, number];
  readonly lowres_logits: Summary & { readonly tensor: string };
  readonly logits: Summary & { readonly tensor: string; readonly stride: number };
  readonly prediction_crc32_u8: number;
  readonly prediction_differs_f64_pixels: number;
  /** Of the four stages. */
  readonly features: readonly (Summary & { readonly tensor?: string })[];
  /** In the order of computation; of the first run only. */
  readonly modules?: Readonly<Record<string, Summary>>;
  readonly suggested_tolerance: {
    readonly logits_max_abs: number;
    readonly logits_rms: number;
    readonly features_max_abs: readonly number[];
  };
}

interface ForwardCase extends EbdaNetworkCase {
  readonly outputs: string;
  readonly runs: readonly RecordedRun[];
}

const CASES = goldenCases<ForwardCase>(`${EBDA_FIXTURES}A-forward`);

describe.each(CASES.map(({ name, ...rest }) => [name, rest] as const))("%s", (_, { folder, json: golden }) => {
  const recordedTensor = readFixtureTensors(join(folder, golden.outputs));
  const architecture = ebdaArchitecture(golden);
  const runs = golden.runs.map((run, index): [string, number] => [run.images.join(" and "), index]);
  const computed: Record<string, Float32Array>[] = [];

  beforeAll(async () => {
    const weights = [...ebdaStateDict(folder, golden)].map(
      ([key, tensor]) => [key, { ...tensor, data: toFloat32(tensor) }] as const,
    );
    for (const run of golden.runs) {
      const images = await imageBatch(run.images.map((image) => join(folder, image)));
      const outputs = recordedOutputs(architecture, images.shape, run);
      const found = await evaluateNamed(onnxRuntime, new Map([...weights, ["image", images]]), outputs);
      computed.push(found as Record<string, Float32Array>);
    }
  });

  it("asks for the recorded keys, in state order", () => {
    expect([...architecture.keys]).toEqual(ebdaRecordedKeys(folder, golden).map(({ key, shape }) => [key, shape]));
  });

  it.each(runs)("%s: no module drifts, from the first on", (_images, index) => {
    const { modules = {}, features, suggested_tolerance: tolerance } = at(golden.runs, index);
    const found = at(computed, index);
    const drifts = Object.entries(modules).flatMap(([name, summary]) => {
      const difference = differenceFromSummary(found[name] ?? new Float32Array(), summary);
      return difference <= tolerance.logits_max_abs ? [] : [`${name}: ${difference.toExponential(1)}`];
    });
    expect(drifts).toEqual([]);
    for (const [stage, summary] of features.entries()) {
      const map = found[`stage${stage + 1}`] ?? new Float32Array();
      expect(differenceFromSummary(map, summary)).toBeLessThanOrEqual(at(tolerance.features_max_abs, stage));
      if (summary.tensor === undefined) continue;
      const { largest } = differenceOf(map, recordedTensor(summary.tensor).data);
      expect(largest).toBeLessThanOrEqual(at(tolerance.features_max_abs, stage));
    }
  });

  it.each(runs)("%s: logits", (_images, index) => {
    const { lowres_logits: low, logits, size_hw, suggested_tolerance: tolerance } = at(golden.runs, index);
    const found = at(computed, index);
    const coarse = differenceOf(found.low ?? [], recordedTensor(low.tensor).data);
    expect(coarse.largest).toBeLessThanOrEqual(tolerance.logits_max_abs);
    expect(coarse.rms).toBeLessThanOrEqual(tolerance.logits_rms);
    const enlarged = found.logits ?? new Float32Array();
    expect(differenceFromSummary(enlarged, logits)).toBeLessThanOrEqual(tolerance.logits_max_abs);
    const kept = subsampled(enlarged, ...size_hw, logits.stride);
    const fine = differenceOf(kept, recordedTensor(logits.tensor).data);
    expect(fine.largest).toBeLessThanOrEqual(tolerance.logits_max_abs);
    expect(fine.rms).toBeLessThanOrEqual(tolerance.logits_rms);
  });

  it.each(runs)("%s: the recorded labels", (_images, index) => {
    const {
      size_hw,
      images,
      prediction_crc32_u8: expected,
      prediction_differs_f64_pixels: unsure,
    } = at(golden.runs, index);
    // A checksum says equal or not: pixels that rounding decides would make it useless.
    expect(unsure).toBe(0);
    const count = architecture.numClasses * size_hw[0] * size_hw[1];
    const labels = images.map((_image, k) => {
      const own = (at(computed, index).logits ?? new Float32Array()).subarray(k * count, (k + 1) * count);
      return argmaxLabels(own, architecture.numClasses, ...size_hw).data;
    });
    expect(crc32(Buffer.concat(labels))).toBe(expected);
  });
});

/** Logits as `low` and `logits`, maps as `stageK`, and modules by their recorded names. */
function recordedOutputs(
  architecture: Architecture,
  shape: readonly number[],
  { modules = {}, size_hw }: RecordedRun,
): Record<string, Node> {
  const scope = new GraphScope(architecture.normalization, { statistics: "running" });
  const { logits: low, features } = forward(architecture, scope, input("image", shape));
  const known = namedModules(low, at(shape, 0));
  const outputs = new Map<string, Node>([
    ["low", low],
    ["logits", resizeBilinear(low, size_hw, architecture.alignCorners)],
    ...[...features].map(([name, [map]]): [string, Node] => [name, map]),
  ]);
  for (const name of Object.keys(modules)) {
    const node = known.get(name);
    if (node === undefined) throw new Error(`no node is known of the module "${name}"`);
    outputs.set(name, node);
  }
  return Object.fromEntries(outputs);
}

/** What modules put out, by the parameter that each ends with. */
function namedModules(logits: Node, images: number): Map<string, Node> {
  const nodes = topologicalOrder([logits]);
  const modules = new Map<string, Node>();
  const tokens = (node: Node): Node => reshape(node, [images, at(node.shape, 0) / images, at(node.shape, 1)]);
  for (const node of nodes) {
    const keys = node.inputs.map(keyOf);
    const norm = node.op.name === "layerNorm" ? keys[1] : undefined;
    const stem = norm === undefined ? null : /^(backbone\.(?:patch_embed\d|norm\d))(?:\.norm)?\.weight$/.exec(norm);
    if (stem?.[1] !== undefined) modules.set(stem[1], tokens(node));
    const bias = node.op.name === "add" ? keys[1] : undefined;
    if (bias === undefined) continue;
    const branch = /^(.*\.(attn|mlp))\.(proj|fc2)\.bias$/.exec(bias);
    if (branch?.[1] !== undefined) modules.set(branch[1], tokens(node));
    const embedded = /^(.*embed_layers\.\d)\.proj\.bias$/.exec(bias);
    if (embedded?.[1] !== undefined) modules.set(embedded[1], mapTokens(node));
    if (bias === "decode_head.conv_seg.bias") modules.set("decode_head.conv_seg", node);
  }
  for (const [name, node] of [...modules]) {
    const block = /^(.*)\.mlp$/.exec(name)?.[1];
    // The block's result is the sum of the branch and what went past it.
    const sum = nodes.find(({ op, inputs }) => op.name === "add" && inputs[1] === unshaped(node));
    if (block !== undefined && sum !== undefined) modules.set(block, tokens(sum));
  }
  for (const [name, node] of normalizedModules(nodes)) modules.set(name, node);
  return modules;
}

/** Rectified normalised convolutions, by the key of their normalisation's last one. */
function normalizedModules(nodes: readonly Node[]): [string, Node][] {
  return nodes.flatMap((node): [string, Node][] => {
    const [normalized] = node.op.name === "relu" ? node.inputs : [];
    const weight = normalized === undefined ? undefined : weightOfAffine(normalized);
    const key = weight === undefined ? undefined : /^(decode_head\..*)\.bn\.weight$/.exec(weight)?.[1];
    if (key === undefined) return [];
    const name = key.replace(/\.pointwise_conv$/, "");
    return name === "decode_head.fuse_layer.bottleneck"
      ? [
          [name, node],
          ["decode_head.fuse_layer", node],
        ]
      : [[name, node]];
  });
}

/** The weight that a normalisation by running statistics scales by. */
function weightOfAffine(affine: Node): string | undefined {
  const scale = affine.op.name === "channelAffine" ? affine.inputs[1] : undefined;
  return scale?.inputs.map(keyOf).find((key) => key?.endsWith(".bn.weight"));
}

/** [N, C, h, w] as [N, h · w, C]. */
function mapTokens(map: Node): Node {
  const [n, c, h, w] = map.shape as [number, number, number, number];
  return transpose(reshape(map, [n, c, h * w]), [0, 2, 1]);
}

function unshaped(node: Node): Node {
  const [inner] = node.op.name === "reshape" ? node.inputs : [];
  return inner ?? node;
}

/** The key of a parameter, through reshapes. */
function keyOf(node: Node): string | undefined {
  if (input.is(node)) return node.attrs.name;
  const [inner] = node.op.name === "reshape" ? node.inputs : [];
  return inner === undefined ? undefined : keyOf(inner);
}
