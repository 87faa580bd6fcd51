// Mix Transformer: four stages of blocks of attention and of a convolution between two linear layers.

import { attention } from "../graph/functions/attention.ts";
import { at } from "../graph/node.ts";
import { add } from "../graph/ops/add.ts";
import { conv } from "../graph/ops/conv.ts";
import { gelu } from "../graph/ops/gelu.ts";
import { matMul } from "../graph/ops/mat-mul.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { slice } from "../graph/ops/slice.ts";
import { transpose } from "../graph/ops/transpose.ts";
import type { Node, Shape } from "../graph/types.ts";
import type { Stage } from "./architecture.ts";
import { collected, ENCODER, type Encoder } from "./encoder-decoder.ts";
import { type InitialValues, isBias, ZEROS } from "./initial-values.ts";
import { linear, normalizedRows } from "./linear.ts";
import type { ModelScope } from "./model-scope.ts";
import { biasedConv } from "./residual-blocks.ts";

export interface MitConfig {
  /** Blocks of each stage. */
  readonly depths: readonly [number, number, number, number];
  /** Channels of an attention head: 32 in B0, 64 in the others. */
  readonly headWidth: number;
  /** Of the layer norms in patch embeddings and behind the reduction of keys and values, where it is not the original's. */
  readonly embeddingEpsilon?: number;
}

/** Attention heads of each stage; its channels are so many times `headWidth`. Source: spec of EBDA, "3.1 Variants". */
const HEADS = [1, 2, 5, 8] as const;
/** How many times keys and values are fewer along each side of the map. */
const REDUCTIONS = [8, 4, 2, 1] as const;
const PATCHES = [
  { kernel: 7, stride: 4 },
  { kernel: 3, stride: 2 },
  { kernel: 3, stride: 2 },
  { kernel: 3, stride: 2 },
] as const;
const MLP_RATIO = 4;
/** Share of the images that the last block's branches are left out of; earlier blocks have less. */
const MAX_DROP_PATH = 0.1;
/** Below this, some stage's map is smaller than the squares that its keys and values are reduced by. */
const SMALLEST_SIDE = 29;
/** Source: spec of EBDA, "3.4 LayerNorm eps — two different values". */
const BLOCK_EPSILON = 1e-6;
const EMBEDDING_EPSILON = 1e-5;

/** What blocks of one network differ in. */
interface BlockSettings {
  /** Of the stage, from 0. */
  readonly index: number;
  readonly dropRate: number;
  readonly embeddingEpsilon: number;
}

/** Tokens of several images, row by row of each map. */
interface Tokens {
  /** float32 [n · h · w, C] */
  readonly x: Node;
  readonly n: number;
  readonly h: number;
  readonly w: number;
}

/** Source: spec of EBDA, "3. MiT encoder". */
export function mit(name: string, config: MitConfig): Encoder {
  return {
    name,
    stages: HEADS.map((_, index) => collected(stage(config, index))),
    smallestSide: SMALLEST_SIDE,
    // Layer norms take no statistics of images.
    coarsestStride: 0,
    firstKeys: [`${ENCODER}patch_embed`],
    initialValues,
    layersOption: "mitLayers",
    isFrozen: (key, layers) =>
      layers.some((layer) =>
        ["patch_embed", "block", "norm"].some((part) => key.startsWith(`${ENCODER}${part}${layer}.`)),
      ),
  };
}

/** Channels of each of the four maps. */
export function mitChannels({ headWidth }: MitConfig): readonly number[] {
  return HEADS.map((heads) => heads * headWidth);
}

/** Without a file of ImageNet weights. Source: spec of EBDA, "3.6 Initialisation"; the cut at ±2 is a hundred deviations off. */
function initialValues(key: string, weight: Shape): InitialValues {
  if (isBias(key)) return ZEROS;
  if (weight.length === 1) return { all: 1 };
  if (weight.length === 2) return { deviation: 0.02 };
  const [outputs = 1, , height = 1, width = 1] = weight;
  const groups = key.includes(".dwconv.") ? outputs : 1;
  return { deviation: Math.sqrt((2 * groups) / (outputs * height * width)) };
}

function stage(config: MitConfig, index: number): Stage {
  const { depths, headWidth, embeddingEpsilon = EMBEDDING_EPSILON } = config;
  const number = index + 1;
  const channels = at(HEADS, index) * headWidth;
  const before = depths.slice(0, index).reduce((sum, depth) => sum + depth, 0);
  const last = depths.reduce((sum, depth) => sum + depth, 0) - 1;
  return {
    name: `stage${number}`,
    apply: (scope, [map]) => {
      let tokens = embedded(scope, map, channels, index, embeddingEpsilon);
      for (let block = 0; block < at(depths, index); block += 1) {
        const dropRate = (MAX_DROP_PATH * (before + block)) / last;
        tokens = transformerBlock(scope, tokens, `${ENCODER}block${number}.${block}`, {
          index,
          dropRate,
          embeddingEpsilon,
        });
      }
      return [mapOf({ ...tokens, x: normalizedRows(scope, tokens.x, BLOCK_EPSILON, `${ENCODER}norm${number}`) })];
    },
  };
}

/** Overlapping patches of a map as tokens. */
function embedded(scope: ModelScope, map: Node, channels: number, index: number, epsilon: number): Tokens {
  const key = `${ENCODER}patch_embed${index + 1}`;
  const { kernel, stride } = at(PATCHES, index);
  const patches = biasedConv(scope, map, channels, kernel, { stride, dilation: 1 }, `${key}.proj`);
  const [n, , h, w] = patches.shape as [number, number, number, number];
  const x = reshape(transpose(patches, [0, 2, 3, 1]), [n * h * w, channels]);
  return { x: normalizedRows(scope, x, epsilon, `${key}.norm`), n, h, w };
}

function transformerBlock(scope: ModelScope, tokens: Tokens, key: string, settings: BlockSettings): Tokens {
  const { dropRate } = settings;
  const normalized = (x: Node, name: string): Tokens => {
    return { ...tokens, x: normalizedRows(scope, x, BLOCK_EPSILON, `${key}.${name}`) };
  };
  const attended = attentionLayer(scope, normalized(tokens.x, "norm1"), `${key}.attn`, settings);
  const middle = add(tokens.x, dropped(scope, tokens, attended, dropRate));
  const mixed = mixedRows(scope, normalized(middle, "norm2"), `${key}.mlp`);
  return { ...tokens, x: add(middle, dropped(scope, tokens, mixed, dropRate)) };
}

/** A branch left out of some images at random. */
function dropped(scope: ModelScope, { n, h, w }: Tokens, branch: Node, rate: number): Node {
  return reshape(scope.dropPath(reshape(branch, [n, h * w, at(branch.shape, 1)]), rate), branch.shape);
}

function attentionLayer(
  scope: ModelScope,
  tokens: Tokens,
  key: string,
  { index, embeddingEpsilon }: BlockSettings,
): Node {
  const { x, n } = tokens;
  const channels = at(x.shape, 1);
  const heads = at(HEADS, index);
  const toQuery = linear(scope, channels, channels, `${key}.q`);
  const toKeyValue = linear(scope, channels, 2 * channels, `${key}.kv`);
  const project = linear(scope, channels, channels, `${key}.proj`);
  const keyValue = toKeyValue(reduced(scope, tokens, key, at(REDUCTIONS, index), embeddingEpsilon));
  const rows = reshape(keyValue, [n, at(keyValue.shape, 0) / n, 2 * channels]);
  const half = (from: number): Node => slice(rows, [0, 0, from], [n, at(rows.shape, 1), from + channels]);
  const query = reshape(toQuery(x), [n, at(x.shape, 0) / n, channels]);
  const attended = attention(query, half(0), half(channels), heads);
  return project(reshape(attended, x.shape));
}

/**
 * What keys and values are made of: one row for each square of R x R tokens, by the weights of a convolution of stride R; squares
 * that the map does not fill are left out.
 */
function reduced(scope: ModelScope, tokens: Tokens, key: string, side: number, epsilon: number): Node {
  if (side === 1) return tokens.x;
  const { n, h, w } = tokens;
  const channels = at(tokens.x.shape, 1);
  const [rows, columns] = [Math.floor(h / side), Math.floor(w / side)];
  const map = reshape(tokens.x, [n, h, w, channels]);
  const filled = slice(map, [0, 0, 0, 0], [n, rows * side, columns * side, channels]);
  const squares = transpose(reshape(filled, [n, rows, side, columns, side, channels]), [0, 1, 3, 2, 4, 5]);
  const flat = reshape(squares, [n * rows * columns, side * side * channels]);
  const weight = scope.parameter(`${key}.sr.weight`, [channels, channels, side, side]);
  const matrix = reshape(transpose(weight, [2, 3, 1, 0]), [side * side * channels, channels]);
  const sums = add(matMul(flat, matrix), scope.parameter(`${key}.sr.bias`, [channels]));
  return normalizedRows(scope, sums, epsilon, `${key}.norm`);
}

/** Two linear layers with a depthwise 3x3 convolution and a GELU in between. */
function mixedRows(scope: ModelScope, tokens: Tokens, key: string): Node {
  const channels = at(tokens.x.shape, 1);
  const wide = MLP_RATIO * channels;
  const map = mapOf({ ...tokens, x: linear(scope, channels, wide, `${key}.fc1`)(tokens.x) });
  const weight = scope.parameter(`${key}.dwconv.dwconv.weight`, [wide, 1, 3, 3]);
  const spread = rowsOf(conv(map, weight, { pads: [1, 1, 1, 1], groups: wide }));
  const active = gelu(add(spread, scope.parameter(`${key}.dwconv.dwconv.bias`, [wide])));
  return linear(scope, wide, channels, `${key}.fc2`)(active);
}

/** [n, C, h, w] */
function mapOf({ x, n, h, w }: Tokens): Node {
  return transpose(reshape(x, [n, h, w, at(x.shape, 1)]), [0, 3, 1, 2]);
}

/** [n · h · w, C] */
function rowsOf(map: Node): Node {
  const [n, c, h, w] = map.shape as [number, number, number, number];
  return reshape(transpose(map, [0, 2, 3, 1]), [n * h * w, c]);
}
