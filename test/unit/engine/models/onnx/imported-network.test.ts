// What an ONNX file becomes as an architecture: classes, weights, layers that adapt, parts, and what is refused.
import { describe, expect, it } from "vitest";
import { readOnnx } from "../../../../../src-main/engine/checkpoints/onnx/read-onnx.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { IMAGENET_MEAN, IMAGENET_STD } from "../../../../../src-main/engine/images/normalize.ts";
import { forward, stageKeys } from "../../../../../src-main/engine/models/architecture.ts";
import { INPUT_FORMS, type InputFormName } from "../../../../../src-main/engine/models/input-form.ts";
import { GraphScope } from "../../../../../src-main/engine/models/model-scope.ts";
import { importNetwork } from "../../../../../src-main/engine/models/onnx/imported-network.ts";
import { imported, importedLogits } from "../../../../helpers/imported-logits.ts";
import {
  type FileSpec,
  floats,
  ints,
  type NodeSpec,
  onnxBytes,
  onnxFile,
  runFile,
} from "../../../../helpers/onnx-file.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import "../../../../helpers/to-be-all-close.ts";

const IMAGE = floats([1, 3, 16, 24]);
const SAME = { pads: [1, 1, 1, 1] };

/** Four convolutions, each with a batch normalisation whose tensors have PyTorch's names. */
const NODES: readonly NodeSpec[] = [1, 2, 3, 4].flatMap((k): NodeSpec[] => [
  {
    op: "Conv",
    inputs: [k === 1 ? "image" : `relu${k - 1}`, `conv${k}.weight`],
    outputs: [`conv${k}`],
    attributes: SAME,
  },
  {
    op: "BatchNormalization",
    inputs: [`conv${k}`, ...["weight", "bias", "running_mean", "running_var"].map((name) => `bn${k}.${name}`)],
    outputs: [`bn${k}`],
  },
  { op: "Relu", inputs: [`bn${k}`], outputs: [`relu${k}`] },
]);
const TENSORS = Object.fromEntries(
  [1, 2, 3, 4].flatMap((k) => [
    [`conv${k}.weight`, floats([4, k === 1 ? 3 : 4, 3, 3])],
    ...["weight", "bias", "running_mean"].map(
      (name, n) => [`bn${k}.${name}`, floats([4], (c) => Math.cos(c + n + k))] as const,
    ),
    [`bn${k}.running_var`, floats([4], (c) => 0.5 + c)],
  ]),
);
const NETWORK: FileSpec = { opset: 17, nodes: NODES, tensors: TENSORS, output: "relu4" };

const fileOf = (spec: FileSpec) => onnxFile(onnxBytes(spec));
const refusal = (spec: FileSpec) =>
  imported(fileOf(spec)).then(
    () => "taken",
    (error: Error) => error.message,
  );

describe("a network in an ONNX file", () => {
  it("has as many classes as its scores have channels, and weights by their names in the file", async () => {
    const { architecture, stateDict } = await imported(fileOf(NETWORK));
    expect(architecture.numClasses).toBe(4);
    expect([...stateDict.keys()].filter((key) => key.startsWith("bn2."))).toEqual([
      "bn2.weight",
      "bn2.bias",
      "bn2.running_mean",
      "bn2.running_var",
      "bn2.num_batches_tracked",
    ]);
    expect([...architecture.keys.keys()]).toEqual([...stateDict.keys()]);
  });

  it("normalises by the image's own statistics where its batch normalisations were kept", async () => {
    const { architecture } = await imported(fileOf(NETWORK));
    const scope = new GraphScope("plain", { statistics: "batch" });
    forward(architecture, scope, input("image", IMAGE.shape));
    expect([...scope.statistics.keys()]).toEqual(["bn1", "bn2", "bn3", "bn4"]);
  });

  it("is frozen in quarters by depth, each a stage of its own", async () => {
    const { architecture } = await imported(fileOf(NETWORK));
    expect(architecture.stages).toHaveLength(4);
    for (const [part, keys] of stageKeys(architecture).entries()) {
      expect([...keys.keys()]).toContain(`conv${part + 1}.weight`);
      expect(architecture.isFrozen(`conv${part + 1}.weight`, [part + 1])).toBe(true);
      expect(architecture.isFrozen(`bn${part + 1}.bias`, [part + 2])).toBe(false);
    }
  });

  it("carries what later parts take past the parts between, as of a skip connection", async () => {
    const nodes: NodeSpec[] = [...NODES, { op: "Add", inputs: ["relu4", "relu1"], outputs: ["logits"] }];
    const bytes = onnxBytes({ ...NETWORK, nodes, output: "logits" });
    const found = await importedLogits(onnxRuntime, await imported(onnxFile(bytes)), IMAGE);
    expect(found.data).toBeAllClose((await runFile(bytes, IMAGE)).data, { absolute: 1e-4, relative: 1e-5 });
  });

  it("keeps a tensor that an exporter wrote once for two as two weights", async () => {
    const nodes: NodeSpec[] = [
      { op: "Identity", inputs: ["first"], outputs: ["second"] },
      { op: "Conv", inputs: ["image", "first"], outputs: ["a"], attributes: SAME },
      { op: "Conv", inputs: ["a", "second"], outputs: ["logits"], attributes: SAME },
    ];
    const { stateDict } = await imported(fileOf({ opset: 17, nodes, tensors: { first: floats([3, 3, 3, 3]) } }));
    expect([...stateDict.keys()]).toEqual(["first", "second"]);
  });

  it.each(["ArgMax", "Softmax"])("gives the scores behind a closing %s", async (op) => {
    const nodes: NodeSpec[] = [...NODES, { op, inputs: ["relu4"], outputs: ["logits"], attributes: { axis: 1 } }];
    const found = await importedLogits(
      onnxRuntime,
      await imported(fileOf({ ...NETWORK, nodes, output: "logits" })),
      IMAGE,
    );
    const expected = await runFile(onnxBytes(NETWORK), IMAGE);
    expect(found.shape).toEqual([1, 4, 16, 24]);
    expect(found.data).toBeAllClose(expected.data, { absolute: 1e-4, relative: 1e-5 });
  });

  it("takes and gives channels last, as TensorFlow has them", async () => {
    const nodes: NodeSpec[] = [
      { op: "Transpose", inputs: ["image"], outputs: ["x"], attributes: { perm: [0, 3, 1, 2] } },
      { op: "Conv", inputs: ["x", "weight"], outputs: ["y"], attributes: SAME },
      { op: "Transpose", inputs: ["y"], outputs: ["logits"], attributes: { perm: [0, 2, 3, 1] } },
    ];
    const tensors = { weight: floats([5, 3, 3, 3]) };
    const { architecture } = await imported(fileOf({ opset: 17, nodes, tensors, inputShape: [1, null, null, 3] }));
    expect(architecture.numClasses).toBe(5);
    expect(
      forward(architecture, new GraphScope("plain", { statistics: "running" }), input("image", IMAGE.shape)).logits
        .shape,
    ).toEqual([1, 5, 16, 24]);
  });

  it.each(Object.keys(INPUT_FORMS) as InputFormName[])("gets pixels as its maker had them: %s", async (name) => {
    const { mean, std, isBgr } = INPUT_FORMS[name];
    const spec: FileSpec = { opset: 17, nodes: [{ op: "Relu", inputs: ["image"], outputs: ["logits"] }] };
    const network = importNetwork(await readOnnx(fileOf(spec)), "model.onnx", INPUT_FORMS[name]);
    // One pixel of red 0.9, green 0.6, blue 0.3, normalised as everywhere here.
    const colour = [0.9, 0.6, 0.3];
    const pixel = floats([1, 3, 1, 1], (c) => ((colour[c] ?? 0) - (IMAGENET_MEAN[c] ?? 0)) / (IMAGENET_STD[c] ?? 1));
    const { data } = await importedLogits(onnxRuntime, network, pixel);
    const wanted = colour.map((value, c) => Math.max(0, (value - (mean[c] ?? 0)) / (std[c] ?? 1)));
    expect(data).toBeAllClose(isBgr ? wanted.toReversed() : wanted, { absolute: 1e-4, relative: 1e-5 });
  });
});

describe("a network that can't be read is refused in a sentence", () => {
  it("names operators that are not known, with their nodes, before anything runs", async () => {
    const nodes: NodeSpec[] = [
      { op: "Det", inputs: ["image"], outputs: ["a"], name: "determinants" },
      { op: "GridSample", inputs: ["a", "a"], outputs: ["logits"] },
    ];
    expect(await refusal({ opset: 17, nodes })).toBe(
      'The network has operators that Acclimate can\'t read: Det (Det "determinants"); GridSample (GridSample of "logits"); export it without them.',
    );
  });

  it("says which node wants images of one size", async () => {
    const nodes: NodeSpec[] = [{ op: "Reshape", inputs: ["image", "shape"], outputs: ["logits"], name: "view" }];
    expect(await refusal({ opset: 17, nodes, tensors: { shape: ints(1, 3, 7, 7) } })).toBe(
      'The node Reshape "view" makes [1, 3, 7, 7] of [1, 3, 256, 256], so the network does not take images of this size; ' +
        "give it the size that it was exported for, or export it with open sizes.",
    );
  });

  it("says what the scores of another kind are", async () => {
    const nodes: NodeSpec[] = [
      { op: "GlobalAveragePool", inputs: ["image"], outputs: ["a"] },
      { op: "Flatten", inputs: ["a"], outputs: ["logits"] },
    ];
    expect(await refusal({ opset: 17, nodes })).toBe(
      '"model.onnx": gives [1, 3]; export a network that gives scores of classes [N, K, h, w].',
    );
  });

  it("says that an operator set is too old or too new", async () => {
    expect(await refusal({ ...NETWORK, opset: 8 })).toBe(
      '"model.onnx": follows operator set 8 of ONNX; export it with one of 9 to 23.',
    );
  });
});
