// One step of source training as a graph.
import { classTargets } from "../../graph/functions/class-targets.ts";
import { crossEntropy } from "../../graph/functions/cross-entropy.ts";
import { gradients } from "../../graph/gradients.ts";
import { type Graph, graphOf } from "../../graph/graph.ts";
import { at } from "../../graph/node.ts";
import { input } from "../../graph/ops/input.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import { type Architecture, applyStages } from "../../models/architecture.ts";
import { TrainingScope } from "../../models/model-scope.ts";
import { runningStatistics } from "../shared/running-statistics.ts";
import { type SgdSettings, sgdObjective, sgdUpdate } from "../shared/sgd-update.ts";

/**
 * Forward in training mode, cross-entropy over all labelled pixels of the batch, backward, SGD on every parameter the
 * network uses. Source: spec "3. Source training".
 *
 * Inputs: `image` float32 [N, 3, H, W]; `labels` int32 [N, 1, H, W], train ids, others are ignored; parameters and running
 * statistics by key; the scalars and velocities of `sgdUpdate`. Outputs: `loss`, and by key (`velocity.KEY`) every parameter,
 * running statistic and velocity after the step. With no labelled pixel all of it is NaN.
 */
export function trainingGraph(
  architecture: Architecture,
  batchSize: number,
  [height, width]: readonly [number, number],
  settings: SgdSettings,
): Graph {
  const scope = new TrainingScope();
  const image = input("image", [batchSize, 3, height, width]);
  const labels = input("labels", [batchSize, 1, height, width], "int32");
  const low = at(applyStages(architecture.stages, scope, [image]), 0);
  const logits = resizeBilinear(low, [height, width], architecture.alignCorners);
  const loss = crossEntropy(logits, classTargets(labels, architecture.numClasses));
  const parameters = [...scope.parameters];
  const weightGradients = gradients(
    sgdObjective(loss, settings),
    parameters.map(([, parameter]) => parameter),
  );
  const updates = parameters.map(([key, parameter], k) => sgdUpdate(key, parameter, at(weightGradients, k), settings));
  return graphOf({ ...Object.assign({}, ...updates), ...runningStatistics(scope), loss });
}
