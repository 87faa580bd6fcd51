// Networks as mmsegmentation stores them: an encoder under `backbone.` and a head under `decode_head.` that reads its maps.

import { BugError } from "../../../src-shared/contract/errors.ts";
import type { FrozenLayersName } from "../../../src-shared/contract/parameters.ts";
import type { Node, Shape } from "../graph/types.ts";
import { type Architecture, allKeys, type Stage } from "./architecture.ts";
import type { InitialRule } from "./initial-values.ts";
import type { ModelScope } from "./model-scope.ts";

/** What the keys of the encoder begin with. */
export const ENCODER = "backbone.";
/** What the keys of the head begin with. */
export const HEAD = "decode_head.";

/** Four maps, finest first. */
export type EncoderMaps = readonly [Node, Node, Node, Node];

export interface Encoder {
  readonly name: string;
  /** Each ends with its map first, and behind it the maps of the stages so far, its own last: see `collected`. */
  readonly stages: readonly Stage[];
  readonly smallestSide: number;
  /** As of an architecture; heads normalise the finest map alone. */
  readonly coarsestStride: number;
  /** What its keys begin with that stand before the others in a state dict, whenever they are used. */
  readonly firstKeys: readonly string[];
  readonly initialValues: InitialRule;
  readonly layersOption: FrozenLayersName;
  isFrozen(key: string, layers: readonly number[]): boolean;
}

export interface DecodeHead {
  /** The architecture is called so. */
  readonly name: string;
  readonly numClasses: number;
  /** Low-resolution logits, float32 [N, K, h, w]. */
  apply(scope: ModelScope, maps: EncoderMaps): Node;
  /** As of the encoder. */
  readonly firstKeys: readonly string[];
  /** Keys with shapes that files have and no pass reads. */
  readonly unusedKeys: ReadonlyMap<string, Shape>;
  readonly initialValues: InitialRule;
}

/** The stage with its map put behind those of earlier stages. */
export function collected(stage: Stage): Stage {
  return {
    name: stage.name,
    apply: (scope, [x, ...others]) => {
      const [map] = stage.apply(scope, [x]);
      return [map, ...others, map];
    },
  };
}

/** Source: spec of EBDA, "4", "5" and "6. Segmentor wrapper". */
export function encoderDecoder(encoder: Encoder, head: DecodeHead): Architecture {
  const headStage: Stage = { name: "head", apply: (scope, [, ...maps]) => [head.apply(scope, fourOf(maps))] };
  const stages = [...encoder.stages, headStage];
  return {
    arch: head.name,
    backbone: encoder.name,
    numClasses: head.numClasses,
    stages,
    alignCorners: false,
    smallestSide: encoder.smallestSide,
    coarsestStride: encoder.coarsestStride,
    copiesOfLoneImage: 1,
    keys: stateKeys(encoder, head, stages),
    normalization: "plain",
    newLayers: [HEAD],
    initialValues: (key, weight) => (key.startsWith(HEAD) ? head : encoder).initialValues(key, weight),
    imagenetKey: (key) => (key.startsWith(ENCODER) ? key.slice(ENCODER.length) : null),
    layersOption: encoder.layersOption,
    isFrozen: (key, layers) => head.unusedKeys.has(key) || encoder.isFrozen(key, layers),
  };
}

function fourOf(maps: readonly Node[]): EncoderMaps {
  const [f1, f2, f3, f4] = maps;
  if (f1 === undefined || f2 === undefined || f3 === undefined || f4 === undefined) {
    throw new BugError(`an encoder has ${maps.length} maps instead of 4`);
  }
  return [f1, f2, f3, f4];
}

/** Encoder before head, and within each what the originals define first. */
function stateKeys(encoder: Encoder, head: DecodeHead, stages: readonly Stage[]): Map<string, Shape> {
  const keys = [...head.unusedKeys, ...allKeys({ stages, normalization: "plain" })];
  const parts = [encoder, head].flatMap(({ firstKeys }, part) => {
    const own = keys.filter(([key]) => key.startsWith(part === 0 ? ENCODER : HEAD));
    const isFirst = ([key]: [string, Shape]): boolean => firstKeys.some((beginning) => key.startsWith(beginning));
    return [...own.filter(isFirst), ...own.filter((entry) => !isFirst(entry))];
  });
  return new Map(parts);
}
