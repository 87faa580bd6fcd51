// The graphs of self-adaptation: what is constant over the iterations, and one iteration.
import type { AdaptationConfig } from "../../../../src-shared/contract/adaptation-config.ts";
import { BugError } from "../../../../src-shared/contract/errors.ts";
import { classTargets } from "../../graph/functions/class-targets.ts";
import { crossEntropy } from "../../graph/functions/cross-entropy.ts";
import { gradients } from "../../graph/gradients.ts";
import { type Graph, graphOf } from "../../graph/graph.ts";
import { at } from "../../graph/node.ts";
import { input } from "../../graph/ops/input.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import type { Node, Shape } from "../../graph/types.ts";
import { type Architecture, applyStages, type Features, type Stage, stageKeys } from "../../models/architecture.ts";
import { type DropoutMask, type DropoutPlaces, GraphScope } from "../../models/model-scope.ts";
import { allParameters } from "../../training/optimizers/parameter-groups.ts";
import { sgd } from "../../training/optimizers/sgd.ts";
import { runningStatistics } from "../shared/running-statistics.ts";

/** Where a network is cut: the stages whose result no iteration changes, and the rest. */
export interface Split {
  readonly constant: readonly Stage[];
  readonly iterated: readonly Stage[];
}

/** The layers that the configuration freezes, by the option that is for this architecture. */
export function frozenLayersOf({ layersOption }: Architecture, config: AdaptationConfig): readonly number[] {
  return config[layersOption];
}

/** Where dropout is active in the iterations: in the layers that have it, with `dropout` behind every ReLU, too. */
export function dropoutPlacesOf({ dropout }: AdaptationConfig): DropoutPlaces {
  return dropout ? "everyRelu" : "ownLayers";
}

/**
 * Leading stages with nothing to train are constant: their weights stay and their normalisation sees the same image. With
 * dropout behind every ReLU there is none, because masks change from the first stage on.
 */
export function splitAtFirstTrained(
  { stages, normalization, probeSize, isFrozen }: Architecture,
  frozenLayers: readonly number[],
  places: DropoutPlaces = "ownLayers",
): Split {
  if (places === "everyRelu") return { constant: [], iterated: stages };
  const firstTrained = stageKeys({
    stages,
    normalization,
    ...(probeSize === undefined ? {} : { probeSize }),
  }).findIndex((keys) => [...keys.keys()].some((key) => !isFrozen(key, frozenLayers)));
  return { constant: stages.slice(0, firstTrained), iterated: stages.slice(firstTrained) };
}

export const FEATURE_PREFIX = "feature.";
export const MEAN_PREFIX = "mean.";
export const VARIANCE_PREFIX = "variance.";

/**
 * The constant part in training mode: its feature maps as `feature.k`, and what each of its normalisation layers saw as
 * `mean.LAYER` and `variance.LAYER` (unbiased). Source: spec "10.4 Is the prefix output constant".
 */
export function constantPartGraph(
  { copiesOfLoneImage: copies, normalization }: Architecture,
  stages: readonly Stage[],
  imageShape: Shape,
): Graph {
  // Stochastic depth of stages that learn nothing would only be noise.
  const scope = new GraphScope(normalization, { statistics: "batch", dropout: "nowhere", copies });
  const features = applyStages(stages, scope, [input("image", imageShape)]);
  const statistics = [...scope.statistics].flatMap(([layer, { mean, unbiasedVariance }]): [string, Node][] => [
    [`${MEAN_PREFIX}${layer}`, mean],
    [`${VARIANCE_PREFIX}${layer}`, unbiasedVariance],
  ]);
  return graphOf({
    ...Object.fromEntries(features.map((feature, k) => [`${FEATURE_PREFIX}${k}`, feature])),
    ...Object.fromEntries(statistics),
  });
}

/** A label map as targets: input `labels` int32 [1, 1, H, W], output `target` float32 [1, K, H, W]. */
export function targetGraph(numClasses: number, height: number, width: number): Graph {
  return graphOf({ target: classTargets(input("labels", [1, 1, height, width], "int32"), numClasses) });
}

export interface IterationSettings {
  readonly hasMomentum: boolean;
  readonly hasWeightDecay: boolean;
  readonly frozenLayers: readonly number[];
  readonly places: DropoutPlaces;
}

/** The forward pass of an iteration, from the feature maps that enter it. */
function forwardPass(
  { copiesOfLoneImage: copies, normalization }: Architecture,
  stages: readonly Stage[],
  featureShapes: readonly Shape[],
  places: DropoutPlaces,
): { readonly scope: GraphScope; readonly low: Node } {
  const scope = new GraphScope(normalization, { statistics: "batch", dropout: places, copies });
  const [first, ...others] = featureShapes.map((shape, k) => input(`${FEATURE_PREFIX}${k}`, shape));
  if (first === undefined) throw new BugError("an iteration has no feature map to start from");
  const features: Features = [first, ...others];
  return { scope, low: at(applyStages(stages, scope, features), 0) };
}

/** The dropout masks of one iteration by name, in the order of computation. */
export function iterationMasks(
  architecture: Architecture,
  stages: readonly Stage[],
  featureShapes: readonly Shape[],
  places: DropoutPlaces,
): ReadonlyMap<string, DropoutMask> {
  return forwardPass(architecture, stages, featureShapes, places).scope.masks;
}

/**
 * One iteration: forward in training mode, cross-entropy against `target`, backward, SGD. Inputs are the feature maps,
 * all parameters by key, the dropout masks, and the scalars `learningRate`, `momentum`, `weightDecay` as far as used.
 * Outputs are `loss` and, by key, every trained parameter and every running statistic after the step, with `velocity.KEY`
 * when there is momentum. Source: spec "4.6", step 5, and "3. Source training", update.
 */
export function iterationGraph(
  architecture: Architecture,
  stages: readonly Stage[],
  featureShapes: readonly Shape[],
  size: readonly [number, number],
  settings: IterationSettings,
): Graph {
  const { scope, low } = forwardPass(architecture, stages, featureShapes, settings.places);
  const logits = resizeBilinear(low, size, architecture.alignCorners);
  const loss = crossEntropy(logits, input("target", logits.shape));
  const trained = [...scope.parameters].filter(([key]) => !architecture.isFrozen(key, settings.frozenLayers));
  // The values come with each step.
  const optimizer = sgd(settings.hasMomentum ? 1 : 0, [allParameters(settings.hasWeightDecay ? 1 : 0)]);
  const weightGradients = gradients(
    optimizer.objective(loss),
    trained.map(([, parameter]) => parameter),
  );
  const updates = trained.map(([key, parameter], k) => optimizer.update(key, parameter, at(weightGradients, k)));
  return graphOf({ ...Object.assign({}, ...updates), ...runningStatistics(scope), loss });
}
