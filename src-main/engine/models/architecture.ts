// What a method needs to know of an architecture: its stages, its keys, and what freezing means for it.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { FrozenLayersName } from "../../../src-shared/contract/parameters.ts";
import { input } from "../graph/ops/input.ts";
import type { Node, Shape } from "../graph/types.ts";
import type { InitialRule } from "./initial-values.ts";
import { ListingScope, type ModelScope } from "./model-scope.ts";
import type { NormalizationFlavour } from "./normalization.ts";

/** Feature maps [N, C, H, W] on their way through the network; the first is the one that every stage works on. */
export type Features = readonly [Node, ...Node[]];

/** A part of the network that is frozen or trained as a whole. */
export interface Stage {
  readonly name: string;
  apply(scope: ModelScope, features: Features): Features;
}

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
  /** Smallest width and height of an image from which every pooling leaves something. */
  readonly smallestSide: number;
  /** Height and width of an image that the network takes, where it does not take 32 x 32 pixels. */
  readonly probeSize?: readonly [number, number];
  /**
   * Largest width and height of an image of which the coarsest feature map that is normalised is a single pixel: the factor
   * between both, unless poolings leave out or add what does not fill a window. 0 where no size that the network takes has one.
   */
  readonly coarsestStride: number;
  /** How many copies of a lone image training runs on. Source: spec "1.3 DeepLabv3+", train mode. */
  readonly copiesOfLoneImage: 1 | 2;
  /** Every key of the state dict with its shape, in the original's order. */
  readonly keys: ReadonlyMap<string, Shape>;
  /** How its normalisation layers are stored. */
  readonly normalization: NormalizationFlavour;
  /**
   * What the keys of layers begin with that an ImageNet classifier has not, such as `cls_head.`: training gives them higher
   * rates. Source: spec of DA-SAC, "4. Optimiser".
   */
  readonly newLayers: readonly string[];
  /** What weights and biases of its layers start as, but for those of normalisation. */
  readonly initialValues: InitialRule;
  /** The name that a parameter has in torchvision's ImageNet file of the backbone; null where it is none of theirs. */
  imagenetKey(key: string): string | null;
  /** The option that says which layers are frozen: they are counted differently in every family. */
  readonly layersOption: FrozenLayersName;
  /** Whether a parameter stays as it is when these layers are frozen. Source: spec "4.7 Freezing". */
  isFrozen(key: string, layers: readonly number[]): boolean;
}

/** The stage, with a second feature map that is its result and that later stages leave alone. */
export function tapped(stage: Stage): Stage {
  return {
    name: stage.name,
    apply: (scope, features) => {
      const [x, ...others] = stage.apply(scope, features);
      return [x, x, ...others];
    },
  };
}

/** Applies stages one after another. */
export function applyStages(stages: readonly Stage[], scope: ModelScope, features: Features): Features {
  return stages.reduce<Features>((current, stage) => stage.apply(scope, current), features);
}

/** A pass through the whole network. */
export interface Forward {
  /** Low-resolution logits, float32 [N, K, h, w]. */
  readonly logits: Node;
  /** What each stage put out, by its name; maps that it only passes on included. */
  readonly features: ReadonlyMap<string, Features>;
}

/** @param image  float32 [N, 3, H, W] */
export function forward({ stages }: Pick<Architecture, "stages">, scope: ModelScope, image: Node): Forward {
  const features = new Map<string, Features>();
  let current: Features = [image];
  for (const stage of stages) {
    current = stage.apply(scope, current);
    features.set(stage.name, current);
  }
  return { logits: current[0], features };
}

/** The keys each stage asks for, with shapes and in order. */
export function stageKeys({
  stages,
  normalization,
  probeSize = [32, 32],
}: Pick<Architecture, "stages" | "normalization" | "probeSize">): ReadonlyMap<string, Shape>[] {
  let features: Features = [input("image", [1, 3, ...probeSize])];
  return stages.map((stage) => {
    const listing = new ListingScope(normalization);
    features = stage.apply(listing, features);
    return listing.keys;
  });
}

/** All of them. */
export function allKeys(network: Pick<Architecture, "stages" | "normalization">): Map<string, Shape> {
  return new Map(stageKeys(network).flatMap((keys) => [...keys]));
}

/**
 * Fails for an image of which nothing would be left. @param what  "The image", at the beginning of a sentence
 *
 * @throws AppError `image.size`
 */
export function requireSide(
  architecture: Pick<Architecture, "arch" | "backbone" | "smallestSide">,
  { width, height }: { readonly width: number; readonly height: number },
  what: string,
): void {
  const { smallestSide } = architecture;
  if (width >= smallestSide && height >= smallestSide) return;
  throw new AppError(
    "image.size",
    `${what} has ${width} x ${height} pixels, and nothing is left of it behind the poolings of ${modelName(architecture)}; ` +
      `use at least ${smallestSide} x ${smallestSide} pixels.`,
  );
}

/** The model in words: deeplab with resnet50, hrnet18. */
export function modelName({ arch, backbone }: Pick<Architecture, "arch" | "backbone">): string {
  return arch === backbone ? arch : `${arch} with ${backbone}`;
}
