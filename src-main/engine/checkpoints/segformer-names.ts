// SegFormer's networks under the names that DAFormer's code gives them: as NVIDIA released them, and as Hugging Face stores them.
import { wrongFormat } from "./checkpoint-error.ts";
import type { StateDict, StateTensor } from "./state-dict.ts";
import { stacked, withReorderedInputs } from "./tensor-blocks.ts";

/** Both join the embedded maps coarsest first, we finest first. */
const COARSEST_FIRST = [3, 2, 1, 0];

/** Whether names are those of NVIDIA's own SegFormer. Source: its `segformer_head.py`. */
export function isReleasedSegformer(stateDict: StateDict): boolean {
  return stateDict.has("decode_head.linear_c1.proj.weight");
}

export function fromReleasedSegformer(stateDict: StateDict): StateDict {
  return new Map(
    [...stateDict].map(([key, tensor]): [string, StateTensor] => {
      const name = key.replace(/^decode_head\.linear_c([1-4])\./, (_, level) => `decode_head.linear_c.${level - 1}.`);
      return [name, isFusion(name) ? withReorderedInputs(tensor, COARSEST_FIRST) : tensor];
    }),
  );
}

/** Whether names are those of Hugging Face's SegFormer, with a head or without. */
export function isHuggingFaceSegformer(stateDict: StateDict): boolean {
  return [...stateDict.keys()].some((key) =>
    HUGGING_FACE_ENCODERS.some((encoder) => savedName(key) === `${encoder}patch_embeddings.0.proj.weight`),
  );
}

/**
 * The library's version 5 has other names in memory than in the files that it saves; those of state dicts that somebody saved
 * otherwise are put into the files' form.
 */
function savedName(key: string): string {
  return MEMORY_NAMES.reduce((name, [inMemory, saved]) => name.replace(inMemory, saved), key);
}

const MEMORY_NAMES: readonly [inMemory: RegExp, saved: string][] = [
  [/^(segformer\.)?stages\.(\d)\.patch_embeddings\./, "$1encoder.patch_embeddings.$2."],
  [/^(segformer\.)?stages\.(\d)\.layer_norm\./, "$1encoder.layer_norm.$2."],
  [/^(segformer\.)?stages\.(\d)\.blocks\./, "$1encoder.block.$2."],
  [/\.layernorm_before\./, ".layer_norm_1."],
  [/\.layernorm_after\./, ".layer_norm_2."],
  [/\.attention\.q_proj\./, ".attention.self.query."],
  [/\.attention\.k_proj\./, ".attention.self.key."],
  [/\.attention\.v_proj\./, ".attention.self.value."],
  [/\.attention\.o_proj\./, ".attention.output.dense."],
  [/\.attention\.sequence_reduction\.sequence_reduction\./, ".attention.self.sr."],
  [/\.attention\.sequence_reduction\.layer_norm\./, ".attention.self.layer_norm."],
  [/\.mlp\.fc([12])\./, ".mlp.dense$1."],
  [/^decode_head\.linear_projections\./, "decode_head.linear_c."],
];

/** In a model with a head or a classifier, and alone. */
const HUGGING_FACE_ENCODERS = ["segformer.encoder.", "encoder."];

/** Names in the encoder, with stages counted from 1 here and from 0 there; keys and values are one layer here. */
const ENCODER_NAMES: readonly [theirs: RegExp, ours: (stage: number, block: string) => string][] = [
  [/^patch_embeddings\.(\d)\.proj\./, (stage) => `patch_embed${stage}.proj.`],
  [/^patch_embeddings\.(\d)\.layer_norm\./, (stage) => `patch_embed${stage}.norm.`],
  [/^layer_norm\.(\d)\./, (stage) => `norm${stage}.`],
  ...(
    [
      ["layer_norm_1", "norm1"],
      ["layer_norm_2", "norm2"],
      ["attention.self.query", "attn.q"],
      ["attention.self.sr", "attn.sr"],
      ["attention.self.layer_norm", "attn.norm"],
      ["attention.output.dense", "attn.proj"],
      ["mlp.dense1", "mlp.fc1"],
      ["mlp.dwconv.dwconv", "mlp.dwconv.dwconv"],
      ["mlp.dense2", "mlp.fc2"],
    ] as const
  ).map(([theirs, ours]): [RegExp, (stage: number, block: string) => string] => [
    new RegExp(`^block\\.(\\d)\\.(\\d+)\\.${theirs.replaceAll(".", "\\.")}\\.`),
    (stage, block) => `block${stage}.${block}.${ours}.`,
  ]),
];
const KEY_LAYER = /^block\.(\d)\.(\d+)\.attention\.self\.key\.(weight|bias)$/;
const VALUE_LAYER = /^block\.\d\.\d+\.attention\.self\.value\.(weight|bias)$/;

const HEAD_NAMES: readonly [theirs: string, ours: string][] = [
  ["decode_head.linear_c.", "decode_head.linear_c."],
  ["decode_head.linear_fuse.", "decode_head.linear_fuse.conv."],
  ["decode_head.batch_norm.", "decode_head.linear_fuse.bn."],
  ["decode_head.classifier.", "decode_head.linear_pred."],
  ["classifier.", "head."],
];

/** What lies beside them, such as the tensors of a metric, keeps its name. */
const OWN_MODULES = ["segformer", "encoder", "decode_head", "classifier"];

/**
 * A network with a decode head by our names; an encoder without one as an ImageNet file of the original has it, without `backbone.`.
 *
 * @param name  the file's, for messages
 * @throws AppError `checkpoint.format` for a key in their modules that is none of theirs, or keys without values
 */
export function fromHuggingFaceSegformer(name: string, given: StateDict): StateDict {
  const stateDict = new Map([...given].map(([key, tensor]) => [savedName(key), tensor]));
  const hasHead = [...stateDict.keys()].some((key) => key.startsWith("decode_head."));
  const renamed = new Map<string, StateTensor>();
  for (const [key, tensor] of stateDict) {
    const encoder = HUGGING_FACE_ENCODERS.find((beginning) => key.startsWith(beginning));
    const inEncoder = encoder === undefined ? null : key.slice(encoder.length);
    if (inEncoder !== null && VALUE_LAYER.test(inEncoder)) continue;
    if (!OWN_MODULES.includes(key.slice(0, key.indexOf(".")))) {
      renamed.set(key, tensor);
      continue;
    }
    const known =
      inEncoder === null ? headEntry(key, tensor) : encoderEntry(name, inEncoder, tensor, valuesLayer(stateDict, key));
    if (known === null)
      throw wrongFormat(name, `is a SegFormer of Hugging Face with a key "${key}", which is none of its own.`);
    renamed.set(inEncoder !== null && hasHead ? `backbone.${known[0]}` : known[0], known[1]);
  }
  return renamed;
}

function headEntry(key: string, tensor: StateTensor): [string, StateTensor] | null {
  const found = HEAD_NAMES.find(([theirs]) => key.startsWith(theirs));
  if (found === undefined) return null;
  const name = `${found[1]}${key.slice(found[0].length)}`;
  return [name, isFusion(name) ? withReorderedInputs(tensor, COARSEST_FIRST) : tensor];
}

function encoderEntry(
  name: string,
  key: string,
  tensor: StateTensor,
  value: StateTensor | undefined,
): [string, StateTensor] | null {
  const [, stage, block, parameter] = KEY_LAYER.exec(key) ?? [];
  if (stage !== undefined) {
    if (value === undefined) throw wrongFormat(name, `has "${key}" without the values' layer; save the whole network.`);
    return [`block${Number(stage) + 1}.${block}.attn.kv.${parameter}`, stacked(tensor, value)];
  }
  for (const [theirs, ours] of ENCODER_NAMES) {
    const match = theirs.exec(key);
    if (match !== null) return [`${ours(Number(match[1]) + 1, match[2] ?? "")}${key.slice(match[0].length)}`, tensor];
  }
  return null;
}

/** The values' layer that belongs to a keys' layer. */
function valuesLayer(stateDict: StateDict, key: string): StateTensor | undefined {
  return stateDict.get(key.replace(".attention.self.key.", ".attention.self.value."));
}

function isFusion(name: string): boolean {
  return name === "decode_head.linear_fuse.conv.weight";
}
