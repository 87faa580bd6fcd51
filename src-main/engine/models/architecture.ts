// What a method needs to know of an architecture: its stages, its keys, and what freezing means for it.
import { input } from "../graph/ops/input.ts";
import type { Node, Shape } from "../graph/types.ts";
import { ListingScope, type ModelScope } from "./model-scope.ts";

/** Feature maps [N, C, H, W] on their way through the network; the first is the one that every stage works on. */
export type Features = readonly [Node, ...Node[]];

/** A part of the network that is frozen or trained as a whole. */
export interface Stage {
  readonly name: string;
  apply(scope: ModelScope, features: Features): Features;
}

/** The option that says which layers are frozen: they are counted differently in the two families. */
export type LayersOption = "resnetLayers" | "hrnetLayers";

export interface Architecture {
  /** The original's name for it: deeplab, deeplabv3plus, hrnet18. */
  readonly arch: string;
  /** An HRNet is its own backbone. */
  readonly backbone: string;
  readonly numClasses: number;
  /** From the image to the low-resolution logits [N, K, h, w], the last stage's only feature map. */
  readonly stages: readonly Stage[];
  /** How the logits are enlarged to the image's size: with the corner pixels aligned, or by half-pixel centres. */
  readonly alignCorners: boolean;
  /** Factor between the image and the coarsest feature map that is normalised. */
  readonly coarsestStride: number;
  /** How many copies of a lone image training runs on. Source: spec "1.3 DeepLabv3+", train mode. */
  readonly copiesOfLoneImage: 1 | 2;
  /** Every key of the state dict with its shape, in the original's order. */
  readonly keys: ReadonlyMap<string, Shape>;
  readonly layersOption: LayersOption;
  /** Whether a parameter stays as it is when these layers are frozen. Source: spec "4.7 Freezing". */
  isFrozen(key: string, layers: readonly number[]): boolean;
}

/** Applies stages one after another. */
export function applyStages(stages: readonly Stage[], scope: ModelScope, features: Features): Features {
  return stages.reduce<Features>((current, stage) => stage.apply(scope, current), features);
}

/** The keys each stage asks for, with shapes and in order. */
export function stageKeys(stages: readonly Stage[]): ReadonlyMap<string, Shape>[] {
  let features: Features = [input("image", [1, 3, 32, 32])];
  return stages.map((stage) => {
    const listing = new ListingScope();
    features = stage.apply(listing, features);
    return listing.keys;
  });
}

/** All of them. */
export function allKeys(stages: readonly Stage[]): Map<string, Shape> {
  return new Map(stageKeys(stages).flatMap((keys) => [...keys]));
}

/** The model in words: deeplab with resnet50, hrnet18. */
export function modelName({ arch, backbone }: Pick<Architecture, "arch" | "backbone">): string {
  return arch === backbone ? arch : `${arch} with ${backbone}`;
}
