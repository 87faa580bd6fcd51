// SegFormer's and DAFormer's files: Hugging Face's and NVIDIA's names, class names beside the file, snapshots of trainings.
import { writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { writeSafetensors } from "../../../../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import {
  elementCount,
  type StateDict,
  type StateTensor,
  toFloat32,
} from "../../../../src-main/engine/checkpoints/state-dict.ts";
import type { Architecture } from "../../../../src-main/engine/models/architecture.ts";
import { checkpointClasses } from "../../../../src-main/engine/models/checkpoint-classes.ts";
import { detectArchitecture } from "../../../../src-main/engine/models/detect-architecture.ts";
import { encoderDecoder } from "../../../../src-main/engine/models/encoder-decoder.ts";
import { inspectCheckpoint } from "../../../../src-main/engine/models/inspect-checkpoint.ts";
import { loadCheckpoint } from "../../../../src-main/engine/models/load-checkpoint.ts";
import { mitOf } from "../../../../src-main/engine/models/mmseg-networks.ts";
import { segformerConvsHead, segformerHead } from "../../../../src-main/engine/models/segformer-head.ts";
import { labelSetFor } from "../../../../src-shared/labels/label-sets.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";
import type { PyValue } from "../../../helpers/write-pickle.ts";
import { writeTorchCheckpoint } from "../../../helpers/write-torch-checkpoint.ts";

const NETWORK = tiny(null);
const WEIGHTS = numbered(NETWORK);
const NAMES = labelSetFor(19).names;

function tiny(unusedWidth: number | null): Architecture {
  return encoderDecoder(mitOf("mit_b0", 4), segformerHead({ numClasses: 19, width: 6, unusedWidth }));
}

/** Every number different, so that none can be in another's place. */
function numbered({ keys }: Architecture): StateDict {
  let next = 0;
  return new Map(
    [...keys].map(([key, shape]): [string, StateTensor] => {
      if (key.endsWith(".num_batches_tracked")) return [key, { dtype: "int64", shape, data: new BigInt64Array(1) }];
      const data = Float32Array.from({ length: elementCount(shape) }, () => (next += 1));
      return [key, { dtype: "float32", shape, data }];
    }),
  );
}

/** As transformers' own conversion names the original's keys. Source: its convert_segformer_original_to_pytorch.py. */
function huggingFaceNames(stateDict: StateDict): StateDict {
  const renamed = new Map<string, StateTensor>();
  for (const [key, tensor] of stateDict) {
    let name = key.replace("backbone", "segformer.encoder");
    name = name.replace(/patch_embed(\d)/, (_, k) => `patch_embeddings.${k - 1}`).replace("norm", "layer_norm");
    name = name.replace(/encoder\.layer_norm(\d)/, (_, k) => `encoder.layer_norm.${k - 1}`);
    name = name.replace("layer_norm1", "layer_norm_1").replace("layer_norm2", "layer_norm_2");
    name = name.replace(/block(\d)/, (_, k) => `block.${k - 1}`);
    name = name.replace("attn.q", "attention.self.query").replace("attn.proj", "attention.output.dense");
    name = name.replace("attn", "attention.self").replace("fc1", "dense1").replace("fc2", "dense2");
    name = name.replace("linear_pred", "classifier");
    name = name.replace("linear_fuse.conv", "linear_fuse").replace("linear_fuse.bn", "batch_norm");
    if (!name.includes(".kv.")) {
      renamed.set(name, isFusion(key) ? coarsestFirst(tensor) : tensor);
      continue;
    }
    const half = elementCount(tensor.shape) / 2;
    const shape = tensor.shape.with(0, (tensor.shape[0] ?? 0) / 2);
    const data = toFloat32(tensor);
    renamed.set(name.replace(".kv.", ".key."), { dtype: "float32", shape, data: data.slice(0, half) });
    renamed.set(name.replace(".kv.", ".value."), { dtype: "float32", shape, data: data.slice(half) });
  }
  return renamed;
}

/** As NVIDIA's head names them. */
function releasedNames(stateDict: StateDict): StateDict {
  return new Map(
    [...stateDict].map(([key, tensor]): [string, StateTensor] => [
      key.replace(/linear_c\.(\d)/, (_, k) => `linear_c${Number(k) + 1}`),
      isFusion(key) ? coarsestFirst(tensor) : tensor,
    ]),
  );
}

const isFusion = (key: string): boolean => key === "decode_head.linear_fuse.conv.weight";

/** Four blocks of the inputs, the last first. */
function coarsestFirst(tensor: StateTensor): StateTensor {
  const [rows = 0, inputs = 0] = tensor.shape;
  const data = toFloat32(tensor);
  const width = inputs / 4;
  const turned = Float32Array.from(data, (_, k) => {
    const [row, input] = [Math.floor(k / inputs), k % inputs];
    return data[row * inputs + (3 - Math.floor(input / width)) * width + (input % width)] ?? Number.NaN;
  });
  return { ...tensor, shape: [rows, inputs, 1, 1], data: turned };
}

/** Numbers by key, sorted: the order of files is their own. */
function numbersIn(stateDict: StateDict): [string, number[]][] {
  return [...stateDict].map(([key, tensor]): [string, number[]] => [key, [...toFloat32(tensor)]]).sort();
}

async function fileOf(stateDict: StateDict, config?: string): Promise<string> {
  const folder = temporaryFolder();

  const path = join(folder, "model.safetensors");
  await writeSafetensors(path, stateDict, {});
  if (config !== undefined) writeFileSync(join(folder, "config.json"), config);
  return path;
}

const configOf = (names: readonly string[]): string =>
  JSON.stringify({ model_type: "segformer", id2label: Object.fromEntries(names.map((name, id) => [id, name])) });

test("Hugging Face's SegFormer has our names, keys and values in one layer, and the maps finest first", async () => {
  const checkpoint = await loadCheckpoint(await fileOf(huggingFaceNames(WEIGHTS), configOf(NAMES)));
  expect(numbersIn(checkpoint.stateDict)).toEqual(numbersIn(WEIGHTS));
  expect(checkpoint.namedBy).toBe("Hugging Face");
  expect(inspectCheckpoint(checkpoint)).toMatchObject({
    namedBy: "Hugging Face",
    checkpoint: { arch: "segformer", backbone: "mit_b0", numClasses: 19 },
    problems: [],
  });
});

test("names that the library's version 5 has in memory are known, too", async () => {
  const inMemory = new Map(
    [...huggingFaceNames(WEIGHTS)].map(([key, tensor]) => {
      let name = key.replace(/encoder\.(patch_embeddings|layer_norm)\.(\d)/, "stages.$2.$1");
      name = name.replace(/encoder\.block\.(\d)/, "stages.$1.blocks").replace("linear_c", "linear_projections");
      name = name.replace("self.query", "q_proj").replace("self.key", "k_proj").replace("self.value", "v_proj");
      name = name.replace("output.dense", "o_proj").replace("self.sr", "sequence_reduction.sequence_reduction");
      name = name.replace("self.layer_norm", "sequence_reduction.layer_norm").replace(/\.dense([12])\./, ".fc$1.");
      return [name.replace("layer_norm_1", "layernorm_before").replace("layer_norm_2", "layernorm_after"), tensor];
    }),
  );
  const { stateDict } = await loadCheckpoint(await fileOf(inMemory, configOf(NAMES)));
  expect(numbersIn(stateDict)).toEqual(numbersIn(WEIGHTS));
});

test("its classes come into the order of train ids, whatever order and words its config has", async () => {
  const words = NAMES.map((name) => (name === "traffic light" ? "Traffic_Light" : name)).toReversed();
  const { stateDict } = await loadCheckpoint(await fileOf(huggingFaceNames(WEIGHTS), configOf(words)));
  const bias = (weights: StateDict): number[] => [
    ...toFloat32(weights.get("decode_head.linear_pred.bias") as StateTensor),
  ];
  expect(bias(stateDict)).toEqual(bias(WEIGHTS).toReversed());
  const nameless = NAMES.map((_, id) => `LABEL_${id}`);
  const unnamed = await loadCheckpoint(await fileOf(huggingFaceNames(WEIGHTS), configOf(nameless)));
  expect(bias(unnamed.stateDict)).toEqual(bias(WEIGHTS));
});

test("without its config, or with one that names no classes, a sentence says so", async () => {
  await expect(loadCheckpoint(await fileOf(huggingFaceNames(WEIGHTS)))).rejects.toMatchObject({
    code: "input.missing",
    message:
      '"model.safetensors" is a SegFormer as Hugging Face stores it, and the names of its classes stand in a config.json, ' +
      "which is not beside it; put that file into the same folder.",
  });
  await expect(loadCheckpoint(await fileOf(huggingFaceNames(WEIGHTS), "{}"))).rejects.toMatchObject({
    code: "input.unreadable",
    message: expect.stringContaining("does not name its classes (id2label)"),
  });
});

test("other classes stay in their own order, under their names", async () => {
  const others = NAMES.with(3, "zebra");
  const checkpoint = await loadCheckpoint(await fileOf(huggingFaceNames(WEIGHTS), configOf(others)));
  expect(checkpoint.classes).toEqual([{ names: others, palette: null }]);
  expect((await checkpointClasses(checkpoint, 19))?.classes[3]).toEqual({ name: "zebra" });
});

test("its folder stands for the file in it", async () => {
  const path = await fileOf(huggingFaceNames(WEIGHTS), configOf(NAMES));
  const checkpoint = await loadCheckpoint(dirname(path));
  expect(checkpoint.path).toBe(path);
  expect(numbersIn(checkpoint.stateDict)).toEqual(numbersIn(WEIGHTS));
  const empty = temporaryFolder();
  await expect(loadCheckpoint(empty)).rejects.toMatchObject({
    code: "input.unreadable",
    message: `"${basename(empty)}" is a folder without model.safetensors or pytorch_model.bin; choose the file of a checkpoint.`,
  });
});

test("what mmcv notes of a training beside the weights is told", async () => {
  const path = join(temporaryFolder(), "iter_40000.pth");
  const meta: PyValue = new Map<PyValue, PyValue>([
    ["iter", 40000],
    ["mmseg_version", "0.16.0"],
    ["config", "log_config = dict()"],
    ["hook_msgs", new Map<PyValue, PyValue>([["best_score", 0.5875]])],
  ]);
  await writeTorchCheckpoint(path, WEIGHTS, {
    wrap: (stateDict) =>
      new Map<PyValue, PyValue>([
        ["meta", meta],
        ["state_dict", stateDict],
      ]),
  });
  const { metadata, stateDict } = await loadCheckpoint(path);
  expect(metadata).toEqual({ iter: 40000, mmseg_version: "0.16.0" });
  expect(numbersIn(stateDict)).toEqual(numbersIn(WEIGHTS));
});

test("NVIDIA's SegFormer keeps its unused classifier", async () => {
  const network = tiny(8);
  const weights = numbered(network);
  const checkpoint = await loadCheckpoint(await fileOf(releasedNames(weights)));
  expect(numbersIn(checkpoint.stateDict)).toEqual(numbersIn(weights));
  expect(inspectCheckpoint(checkpoint)).toMatchObject({ namedBy: "NVIDIA", problems: [], refusal: null });
});

test("mmsegmentation's own SegFormer has queries, keys and values in one layer, and convolutions for linear ones", async () => {
  const network = encoderDecoder(mitOf("mit_b0", 4), segformerConvsHead({ numClasses: 19, width: 6 }));
  const weights = numbered(network);
  const renamed = new Map<string, StateTensor>();
  for (const [key, tensor] of weights) {
    let name = key.replace(/backbone\.patch_embed(\d)\.proj/, (_, k) => `backbone.layers.${k - 1}.0.projection`);
    name = name.replace(/backbone\.patch_embed(\d)\.norm/, (_, k) => `backbone.layers.${k - 1}.0.norm`);
    name = name.replace(/backbone\.norm(\d)/, (_, k) => `backbone.layers.${k - 1}.2`);
    name = name.replace(/backbone\.block(\d)\.(\d)/, (_, k, block) => `backbone.layers.${k - 1}.1.${block}`);
    name = name.replace("attn.proj", "attn.attn.out_proj").replace("mlp.dwconv.dwconv", "ffn.layers.1");
    name = name.replace("mlp.fc1", "ffn.layers.0").replace("mlp.fc2", "ffn.layers.4");
    if (name.includes("attn.kv.")) continue;
    if (!name.includes("attn.q.")) {
      const isPoint = /ffn\.layers\.[04]\.weight$/.test(name);
      renamed.set(name, isPoint ? { ...tensor, shape: [...tensor.shape, 1, 1] } : tensor);
      continue;
    }
    const kv = weights.get(key.replace("attn.q.", "attn.kv.")) as StateTensor;
    const shape = tensor.shape.with(0, 3 * (tensor.shape[0] ?? 0));
    const data = Float32Array.from([...toFloat32(tensor), ...toFloat32(kv)]);
    renamed.set(name.replace("attn.q.", "attn.attn.in_proj_"), { dtype: "float32", shape, data });
  }
  const checkpoint = await loadCheckpoint(await fileOf(renamed));
  expect(numbersIn(checkpoint.stateDict)).toEqual(numbersIn(weights));
  expect(inspectCheckpoint(checkpoint)).toMatchObject({
    namedBy: "mmsegmentation",
    checkpoint: { arch: "segformer_convs", backbone: "mit_b0", numClasses: 19 },
    problems: [],
  });
});

test("of a training with DAFormer the student is read, the teacher on request", async () => {
  const networks = ["model.", "ema_model.", "imnet_model."].flatMap((prefix, k) =>
    [...WEIGHTS].map(([key, tensor]): [string, StateTensor] => [
      `${prefix}${key}`,
      tensor.dtype === "float32" ? { ...tensor, data: toFloat32(tensor).map((value) => value + k / 2) } : tensor,
    ]),
  );
  const path = await fileOf(new Map(networks));
  const [student, teacher] = [await loadCheckpoint(path), await loadCheckpoint(path, "teacher")];
  expect(numbersIn(student.stateDict)).toEqual(numbersIn(WEIGHTS));
  expect(student.snapshot).toEqual({ method: "DAFormer", weights: "student", hasTeacher: true, hasOptimizer: false });
  const key = "decode_head.linear_pred.bias";
  const [ours = 0, theirs = 0] = [student, teacher].map(
    ({ stateDict }) => toFloat32(stateDict.get(key) as StateTensor)[0],
  );
  expect(theirs - ours).toBe(0.5);
});

test("an ImageNet file, of Hugging Face's names or the original's, is told for what it is", async () => {
  const encoder = new Map([...WEIGHTS].filter(([key]) => key.startsWith("backbone.")));
  const theirs = await loadCheckpoint(await fileOf(huggingFaceNames(encoder)));
  const bare = new Map([...encoder].map(([key, tensor]) => [key.slice("backbone.".length), tensor]));
  const ours = await loadCheckpoint(await fileOf(bare));
  expect(numbersIn(theirs.stateDict)).toEqual(numbersIn(ours.stateDict));
  expect(() => detectArchitecture(ours.stateDict, "mit_b0.pth")).toThrow(
    '"mit_b0.pth" holds ImageNet weights of mit_b0, without a head that gives classes of pixels: ' +
      "training can start from it, prediction can't.",
  );
});
