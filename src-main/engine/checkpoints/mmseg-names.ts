// Mix Transformers as mmsegmentation itself names them (since 0.20), under the names of the original.
import { wrongFormat } from "./checkpoint-error.ts";
import type { StateDict, StateTensor } from "./state-dict.ts";
import { firstRows, lastRows } from "./tensor-blocks.ts";

/** Before the place of a stage: 0 its embedding, 1 its blocks, 2 its norm. Source: its `backbones/mit.py`. */
const STAGES = "backbone.layers.";

export function isMmsegMit(stateDict: StateDict): boolean {
  return stateDict.has(`${STAGES}0.0.projection.weight`);
}

/** Names inside a block. Linear layers of the feed-forward part are 1x1 convolutions there. */
const BLOCK_NAMES: readonly [theirs: string, ours: string][] = [
  ["norm1.", "norm1."],
  ["norm2.", "norm2."],
  ["attn.attn.out_proj.", "attn.proj."],
  ["attn.sr.", "attn.sr."],
  ["attn.norm.", "attn.norm."],
  ["ffn.layers.0.", "mlp.fc1."],
  ["ffn.layers.1.", "mlp.dwconv.dwconv."],
  ["ffn.layers.4.", "mlp.fc2."],
];
const JOINED_LAYER = /^attn\.attn\.in_proj_(weight|bias)$/;

/**
 * The head keeps its names.
 *
 * @param name  the file's, for messages
 * @throws AppError `checkpoint.format` for a key of the encoder that is none of its own
 */
export function fromMmsegMit(name: string, stateDict: StateDict): StateDict {
  const entries = [...stateDict].flatMap(([key, tensor]): [string, StateTensor][] => {
    if (!key.startsWith(STAGES)) return [[key, tensor]];
    const found = encoderEntries(key.slice(STAGES.length), tensor);
    if (found.length > 0) return found.map(([inside, value]) => [`backbone.${inside}`, value]);
    throw wrongFormat(name, `is a Mix Transformer of mmsegmentation with a key "${key}", which is none of its own.`);
  });
  return new Map(entries);
}

/** @param key  behind `backbone.layers.` */
function encoderEntries(key: string, tensor: StateTensor): [string, StateTensor][] {
  const [, place, rest = ""] = /^(\d)\.(.*)$/.exec(key) ?? [];
  const stage = Number(place) + 1;
  if (rest.startsWith("0.projection.")) return [[`patch_embed${stage}.proj.${rest.slice(13)}`, tensor]];
  if (rest.startsWith("0.norm.")) return [[`patch_embed${stage}.norm.${rest.slice(7)}`, tensor]];
  if (rest.startsWith("2.")) return [[`norm${stage}.${rest.slice(2)}`, tensor]];
  const [, block, inBlock = ""] = /^1\.(\d+)\.(.*)$/.exec(rest) ?? [];
  if (block === undefined) return [];
  const before = `block${stage}.${block}.`;
  const [, parameter] = JOINED_LAYER.exec(inBlock) ?? [];
  if (parameter !== undefined) {
    const channels = (tensor.shape[0] ?? 0) / 3;
    return [
      [`${before}attn.q.${parameter}`, firstRows(tensor, channels)],
      [`${before}attn.kv.${parameter}`, lastRows(tensor, 2 * channels)],
    ];
  }
  const known = BLOCK_NAMES.find(([theirs]) => inBlock.startsWith(theirs));
  if (known === undefined) return [];
  const [theirs, ours] = known;
  return [[`${before}${ours}${inBlock.slice(theirs.length)}`, ours.startsWith("mlp.fc") ? asMatrix(tensor) : tensor]];
}

/** A 1x1 convolution's weight as that of a linear layer. */
function asMatrix(tensor: StateTensor): StateTensor {
  return tensor.shape.length === 4 ? { ...tensor, shape: tensor.shape.slice(0, 2) } : tensor;
}
