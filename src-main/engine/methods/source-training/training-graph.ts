// One step of source training as graphs: the gradients of some images, and the update.
import { classTargets } from "../../graph/functions/class-targets.ts";
import { crossEntropy } from "../../graph/functions/cross-entropy.ts";
import { gradients } from "../../graph/gradients.ts";
import { type Graph, graphOf } from "../../graph/graph.ts";
import { at } from "../../graph/node.ts";
import { add } from "../../graph/ops/add.ts";
import { scalar } from "../../graph/ops/constant.ts";
import { input } from "../../graph/ops/input.ts";
import { mul } from "../../graph/ops/mul.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import { sub } from "../../graph/ops/sub.ts";
import type { Node } from "../../graph/types.ts";
import type { Architecture } from "../../models/architecture.ts";
import { type DropoutMask, type DropoutPlaces, GraphScope } from "../../models/model-scope.ts";
import type { Optimizer } from "../../training/optimizers/optimizer.ts";
import { scaled } from "../../training/optimizers/scaled.ts";
import { runningStatistics } from "../shared/running-statistics.ts";
import { applyWithTap, auxiliaryLogits } from "./auxiliary-head.ts";

/** Before the key of a parameter: the sum of its gradients over the parts of a step so far. */
export const GRADIENT_PREFIX = "gradient.";
/** Before a key: the moving average of the weight or running statistic. */
export const AVERAGE_PREFIX = "ema.";

export interface TrainingSettings {
  readonly places: DropoutPlaces;
  /** Weight of the auxiliary loss; 0: there is no auxiliary head. */
  readonly auxWeight: number;
  readonly hasAverage: boolean;
  /** Whether gradients of earlier parts of the step come in, to be added. */
  readonly addsGradients: boolean;
  /** "update": the last or only part of a step; "gradients": a part before it, whose gradients go out. */
  readonly result: "update" | "gradients";
  /** Whether the images are a part of the step: then their loss counts by their share of its labelled pixels. */
  readonly isPart: boolean;
}

export interface TrainingGraph {
  readonly graph: Graph;
  /** The dropout masks that it takes, by name. */
  readonly masks: ReadonlyMap<string, DropoutMask>;
}

/**
 * Forward in training mode, cross-entropy over all labelled pixels, backward and, for the last part of a step, the update of
 * every parameter the network uses. Source: spec "3. Source training".
 *
 * Inputs: `image` float32 [N, 3, H, W]; `labels` int32 [N, 1, H, W], train ids, others are ignored; parameters and running
 * statistics by key; the masks; the scalars and slots of the optimizer; where asked for, `share` (of the step's labelled
 * pixels), `gradient.KEY`, `emaDecay` and `ema.KEY`. Outputs: `loss`, by key every running statistic after the pass, and
 * either `gradient.KEY`, or every parameter, its slots and `ema.KEY` after the step. With no labelled pixel all is NaN.
 */
export function trainingGraph(
  architecture: Architecture,
  batchSize: number,
  size: readonly [number, number],
  settings: TrainingSettings,
  optimizer: Optimizer,
): TrainingGraph {
  // Where there are several images, each counts for itself.
  const copies = batchSize === 1 ? architecture.copiesOfLoneImage : 1;
  const scope = new GraphScope(architecture.normalization, {
    statistics: "batch",
    dropout: settings.places,
    copies,
  });
  const loss = objective(architecture, scope, batchSize, size, settings);
  const parameters = [...scope.parameters];
  const found = gradients(
    optimizer.objective(loss),
    parameters.map(([, parameter]) => parameter),
  );
  const statistics = runningStatistics(scope);
  const summed = parameters.map(([key], k): [string, Node] => [key, summedGradient(key, at(found, k), settings)]);
  const changed =
    settings.result === "gradients"
      ? Object.fromEntries(summed.map(([key, gradient]) => [`${GRADIENT_PREFIX}${key}`, gradient]))
      : updates(scope.parameters, summed, statistics, settings, optimizer);
  return { graph: graphOf({ ...changed, ...statistics, loss }), masks: scope.masks };
}

function objective(
  architecture: Architecture,
  scope: GraphScope,
  batchSize: number,
  [height, width]: readonly [number, number],
  { auxWeight, isPart }: TrainingSettings,
): Node {
  const { numClasses, alignCorners } = architecture;
  const { low, tap } = applyWithTap(architecture, scope, input("image", [batchSize, 3, height, width]));
  const target = classTargets(input("labels", [batchSize, 1, height, width], "int32"), numClasses);
  const lossOf = (logits: Node) => crossEntropy(resizeBilinear(logits, [height, width], alignCorners), target);
  const main = lossOf(low);
  const loss =
    auxWeight === 0 || tap === null
      ? main
      : add(main, mul(scalar(auxWeight), lossOf(auxiliaryLogits(scope, tap, numClasses))));
  return isPart ? mul(input("share", []), loss) : loss;
}

function summedGradient(key: string, gradient: Node, { addsGradients }: TrainingSettings): Node {
  return addsGradients ? add(input(`${GRADIENT_PREFIX}${key}`, gradient.shape), gradient) : gradient;
}

function updates(
  parameters: ReadonlyMap<string, Node>,
  summed: readonly (readonly [string, Node])[],
  statistics: Readonly<Record<string, Node>>,
  settings: TrainingSettings,
  optimizer: Optimizer,
): Record<string, Node> {
  const changed: Record<string, Node> = {};
  for (const [key, gradient] of summed) {
    const parameter = parameters.get(key);
    if (parameter !== undefined) Object.assign(changed, optimizer.update(key, parameter, gradient));
  }
  if (!settings.hasAverage) return changed;
  const averaged = { ...statistics, ...Object.fromEntries(summed.map(([key]) => [key, changed[key]])) };
  for (const [key, node] of Object.entries(averaged)) {
    if (node !== undefined) changed[`${AVERAGE_PREFIX}${key}`] = movingAverage(`${AVERAGE_PREFIX}${key}`, node);
  }
  return changed;
}

/** new + decay·(average − new) */
function movingAverage(name: string, node: Node): Node {
  return add(node, scaled(input("emaDecay", []), sub(input(name, node.shape), node)));
}
