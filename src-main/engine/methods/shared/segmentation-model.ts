// A model ready to run: an architecture, its base weights on a runtime, and its compiled graphs.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import { type StateDict, toFloat32 } from "../../checkpoints/state-dict.ts";
import { graphOf } from "../../graph/graph.ts";
import { input } from "../../graph/ops/input.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import { normalize } from "../../images/normalize.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import { type Architecture, forward, requireSide } from "../../models/architecture.ts";
import { type DropoutPlaces, GraphScope } from "../../models/model-scope.ts";
import { normLayers } from "../../models/normalization.ts";
import type { DeviceTensor, NamedTensors, Runtime } from "../../runtimes/runtime.ts";
import { ProgramCache } from "./program-cache.ts";

/** Programs of one image size: three view sizes and the full one, each forward and fusion, and the two of adaptation. */
const PROGRAMS_KEPT = 24;

export class SegmentationModel {
  readonly runtime: Runtime;
  readonly architecture: Architecture;
  /** The checkpoint's weights by key, float32, and every layer's alpha. Never written to: whoever adapts works on copies. */
  readonly base: NamedTensors;
  readonly programs: ProgramCache;
  /** Alpha of every normalisation layer as the checkpoint has it, by key; 0 where its layers are plain. */
  readonly storedAlphas: ReadonlyMap<string, number>;
  /** What `alpha` replaced it with. */
  readonly alpha: number | undefined;
  /** Whether any layer takes the image's own statistics into account. */
  readonly #mixesStatistics: boolean;

  /**
   * @param stateDict  fits the architecture (see `requireMatch`)
   * @param alpha      replaces the alpha of every layer, as the original's `--alpha`
   */
  constructor(runtime: Runtime, architecture: Architecture, stateDict: StateDict, alpha?: number) {
    this.runtime = runtime;
    this.architecture = architecture;
    this.programs = new ProgramCache(runtime, PROGRAMS_KEPT);
    this.storedAlphas = alphasOf(architecture, stateDict);
    this.base = uploadWeights(runtime, stateDict, this.storedAlphas, alpha);
    this.alpha = alpha;
    this.#mixesStatistics = mixes(alpha === undefined ? [...this.storedAlphas.values()] : [alpha]);
  }

  /**
   * The image, or a view of it, as network input: float32 [1, 3, H, W], ImageNet-normalised.
   *
   * @throws AppError `image.size` when it is too small for the network's poolings
   */
  upload(image: RgbImage): DeviceTensor {
    requireSide(this.architecture, image, "The image, or a view of it,");
    return this.runtime.upload(normalize(image), [1, 3, image.height, image.width]);
  }

  /**
   * Evaluation pass: logits as the last convolution gives them.
   *
   * @param image    float32 [1, 3, H, W]
   * @param weights  by key; the base weights unless adapted ones are given
   * @param alphas   of the weights, where they are not the model's
   * @returns        float32 [1, K, h, w]
   */
  async logits(
    image: DeviceTensor,
    weights: NamedTensors = this.base,
    alphas: readonly number[] = [],
  ): Promise<DeviceTensor> {
    // Graphs that mix serve every alpha, so that 0 among them needs no graph of its own.
    const mixesStatistics = this.#mixesStatistics || mixes(alphas);
    const program = await this.programs.get(`logits ${image.shape} ${mixesStatistics}`, () => {
      const { logits } = forward(this.architecture, this.#scope(mixesStatistics), input("image", image.shape));
      return graphOf({ logits });
    });
    const outputs = await program.run(new Map([...weights, ["image", image]]));
    return outputOf(outputs, "logits");
  }

  /** What an evaluation pass of this model is built with. */
  evaluationScope(places: DropoutPlaces = "nowhere"): GraphScope {
    return this.#scope(this.#mixesStatistics, places);
  }

  /** Where alpha is 0 in every layer, the batch's own statistics are not computed. */
  #scope(mixesStatistics: boolean, dropout: DropoutPlaces = "nowhere"): GraphScope {
    return new GraphScope(this.architecture.normalization, {
      statistics: mixesStatistics ? "mixed" : "running",
      dropout,
    });
  }

  /**
   * Logits in the sizes they are asked for: enlarged to the network's input as the architecture does it, then, where the
   * image had been reduced, to its native size by half-pixel centres. Source: spec "4.5 Modes".
   *
   * @param lowResolution  float32 [1, K, h, w]
   * @param sizes          [height, width] one after another
   */
  async enlarge(lowResolution: DeviceTensor, ...sizes: readonly [number, number][]): Promise<DeviceTensor> {
    const program = await this.programs.get(`enlarge ${lowResolution.shape} ${sizes.join(" ")}`, () => {
      const low = input("lowResolution", lowResolution.shape);
      const [toInput, ...toNative] = sizes;
      if (toInput === undefined) throw new BugError("no size to enlarge to");
      const enlarged = resizeBilinear(low, toInput, this.architecture.alignCorners);
      return graphOf({ logits: toNative.reduce((logits, size) => resizeBilinear(logits, size, false), enlarged) });
    });
    return outputOf(await program.run(new Map([["lowResolution", lowResolution]])), "logits");
  }

  async dispose(): Promise<void> {
    await this.programs.dispose();
    for (const tensor of this.base.values()) tensor.dispose();
  }
}

/** The output of this name. */
export function outputOf(outputs: NamedTensors, name: string): DeviceTensor {
  const tensor = outputs.get(name);
  if (tensor === undefined) throw new BugError(`a program has no output "${name}"`);
  return tensor;
}

function mixes(alphas: readonly number[]): boolean {
  return alphas.some((alpha) => alpha !== 0);
}

function alphasOf({ keys, normalization }: Architecture, stateDict: StateDict): Map<string, number> {
  return new Map(
    normLayers(keys.keys(), normalization).map(({ alpha }): [string, number] => {
      const stored = stateDict.get(alpha);
      return [alpha, stored === undefined ? 0 : (toFloat32(stored)[0] ?? 0)];
    }),
  );
}

function uploadWeights(
  runtime: Runtime,
  stateDict: StateDict,
  storedAlphas: ReadonlyMap<string, number>,
  alpha: number | undefined,
): Map<string, DeviceTensor> {
  const tensors = new Map<string, DeviceTensor>();
  for (const [key, tensor] of stateDict) {
    const data = alpha !== undefined && storedAlphas.has(key) ? Float32Array.of(alpha) : toFloat32(tensor);
    tensors.set(key, runtime.upload(data, tensor.shape));
  }
  for (const [key, stored] of storedAlphas) {
    if (!tensors.has(key)) tensors.set(key, runtime.upload(Float32Array.of(alpha ?? stored), []));
  }
  return tensors;
}
