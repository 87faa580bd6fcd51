// What a method needs to know of an architecture: its stages, its keys, and what freezing means for it.
import type { Node, Shape } from "../graph/types.ts";
import type { ModelScope } from "./model-scope.ts";

/** A part of the network that is frozen or trained as a whole. It passes on feature maps [N, C, H, W]. */
export interface Stage {
  readonly name: string;
  apply(scope: ModelScope, features: readonly Node[]): readonly Node[];
}

export interface Architecture {
  /** The original's name for it: deeplab. */
  readonly arch: string;
  readonly backbone: string;
  readonly numClasses: number;
  /** From the image to the low-resolution logits [N, K, h, w], the last stage's only feature map. */
  readonly stages: readonly Stage[];
  /** How the logits are enlarged to the image's size: with the corner pixels aligned, or by half-pixel centres. */
  readonly alignCorners: boolean;
  /** Factor between the image and the low-resolution logits. */
  readonly outputStride: number;
  /** Every key of the state dict with its shape, in the original's order. */
  readonly keys: ReadonlyMap<string, Shape>;
  /** Whether a parameter stays as it is when these layers (`--resnet-layers`) are frozen. Source: spec "4.7 Freezing". */
  isFrozen(key: string, layers: readonly number[]): boolean;
}

/** Applies stages one after another. */
export function applyStages(stages: readonly Stage[], scope: ModelScope, features: readonly Node[]): readonly Node[] {
  return stages.reduce<readonly Node[]>((current, stage) => stage.apply(scope, current), features);
}
