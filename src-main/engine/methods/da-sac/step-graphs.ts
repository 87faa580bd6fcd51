// The programs of DA-SAC's steps as graphs: passes of the student and of the teacher, gradients, updates.
import type { ConsistencySettings } from "../../../../src-shared/contract/training/da-sac.ts";
import { classTargetsOverAll, oneHotOf } from "../../graph/functions/class-targets.ts";
import { crossEntropy } from "../../graph/functions/cross-entropy.ts";
import { gradients } from "../../graph/gradients.ts";
import { graphOf } from "../../graph/graph.ts";
import { at } from "../../graph/node.ts";
import { add } from "../../graph/ops/add.ts";
import { cast } from "../../graph/ops/cast.ts";
import { constant, scalar } from "../../graph/ops/constant.ts";
import { equal } from "../../graph/ops/equal.ts";
import { input } from "../../graph/ops/input.ts";
import { mul } from "../../graph/ops/mul.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import { slice } from "../../graph/ops/slice.ts";
import type { Node } from "../../graph/types.ts";
import { type Architecture, forward } from "../../models/architecture.ts";
import { GraphScope, type StatisticsSource } from "../../models/model-scope.ts";
import type { Optimizer } from "../../training/optimizers/optimizer.ts";
import { runningStatistics } from "../shared/running-statistics.ts";
import type { StepGraph } from "../shared/step-programs.ts";
import { type CropCounts, consistencyLoss, consistencyTargets } from "./consistency.ts";
import type { Size } from "./masked-picture.ts";
import { PADDED } from "./target-sample.ts";

/** Before the key of a parameter: its gradient from what came before in the step. */
export const GRADIENT_PREFIX = "gradient.";
/** Among the tensors of the teacher: the class prior, float32 [K]. The name is that of released snapshots. */
export const PRIOR = "running_conf";

/** What goes through a network at once: N images of one size. */
export interface PassSize {
  readonly images: number;
  readonly size: Size;
}

/** "update": new parameters and slots go out; "gradients": the gradients do, for another program of the step to add. */
type Result = "update" | "gradients";

/**
 * Labelled images of the source: the mean cross-entropy over all pixels, ignored ones included in their number.
 * Source: spec "5. Step 1" item 1, "7.5 Iteration".
 *
 * Inputs: `image` float32 [N, 3, H, W]; `labels` int32 [N, 1, H, W]; the network's tensors by key; masks; for an update the
 * optimizer's slots and scalars. Outputs: `loss`; running statistics where the pass normalises by the batch; the result.
 */
export function sourceGraph(
  architecture: Architecture,
  { images, size }: PassSize,
  statistics: StatisticsSource,
  optimizer: Optimizer,
  result: Result,
): StepGraph {
  const { scope, logits } = studentPass(architecture, { images, size }, statistics);
  const labels = input("labels", [images, 1, ...size], "int32");
  const loss = crossEntropy(logits, classTargetsOverAll(labels, architecture.numClasses));
  const learnt = learntFrom(loss, scope, optimizer, result, false);
  return { graph: graphOf({ ...learnt, ...runningStatistics(scope), loss }), masks: scope.masks };
}

/** Images of the target pass through for the running statistics alone. Source: spec "5. Step 1" item 2. */
export function targetStatisticsGraph(architecture: Architecture, pass: PassSize): StepGraph {
  const { scope } = studentPass(architecture, pass, "batch");
  return { graph: graphOf(runningStatistics(scope)), masks: scope.masks };
}

/**
 * The teacher's view of the clean crops, and what the student is to learn from it. Source: spec "7.7", "7.8".
 *
 * Inputs: `image` float32 [N, 3, H, W]; `labels` int32 [N, 1, H, W], −1 where padded; `affine` and `affineInverse`
 * float32 [N, 2, 3]; `running_conf`; the teacher's tensors by key. Outputs: `pseudoLabels` int32 [N, 1, H, W]; `confidence`
 * float32 [N, 1, H, W]; `prior` float32 [G, K], and of it `newPrior` [K], the one to keep; `thresholds` and `keptPixels`
 * float32 [N, K].
 */
export function teacherGraph(
  architecture: Architecture,
  { images, size }: PassSize,
  counts: CropCounts,
  settings: ConsistencySettings,
): StepGraph {
  const scope = new GraphScope(architecture.normalization, { statistics: "running" });
  const { logits } = forward(architecture, scope, input("image", [images, 3, ...size]));
  const labels = input("labels", [images, 1, ...size], "int32");
  const view = {
    logits,
    affine: input("affine", [images, 2, 3]),
    affineInverse: input("affineInverse", [images, 2, 3]),
    padding: cast(equal(labels, constant(Int32Array.of(PADDED), [1, 1, 1, 1])), "float32"),
    prior: input(PRIOR, [architecture.numClasses]),
  };
  const targets = consistencyTargets(view, size, counts, settings);
  const { labels: trusted, confidence, thresholds, keptPixels } = targets.labels;
  const { prior } = targets;
  const newPrior = reshape(slice(prior, [0, 0], [1, architecture.numClasses]), [architecture.numClasses]);
  const pseudoLabels = reshape(trusted, [images, 1, ...size]);
  const graph = graphOf({ pseudoLabels, confidence, thresholds, keptPixels, prior, newPrior });
  return { graph, masks: scope.masks };
}

/**
 * The student's view of the noisy crops: the target loss, its gradients with those of the source, and the update.
 * Source: spec "7.5", "7.9".
 *
 * Inputs: `image` float32 [N, 3, H, W]; `pseudoLabels` int32 [N, 1, H, W]; `confidence` float32 [N, 1, H, W]; `prior`
 * float32 [G, K]; `gradient.KEY` unless there is no source; the network's tensors, the optimizer's slots and scalars; masks.
 * Outputs: `loss`, before its weight; the result.
 */
export function studentGraph(
  architecture: Architecture,
  { images, size }: PassSize,
  { cropsPerDevice }: CropCounts,
  settings: StudentSettings,
  optimizer: Optimizer,
  result: Result = "update",
): StepGraph {
  const { scope, logits } = studentPass(architecture, { images, size }, "running");
  const { numClasses } = architecture;
  const labels = {
    selected: oneHotOf(input("pseudoLabels", [images, 1, ...size], "int32"), numClasses),
    confidence: input("confidence", [images, 1, ...size]),
  };
  const prior = input("prior", [images / cropsPerDevice, numClasses]);
  const { loss } = consistencyLoss(logits, { labels, prior }, { cropsPerDevice }, settings);
  const weighted = mul(scalar(settings.targetLossWeight), loss);
  const learnt = learntFrom(weighted, scope, optimizer, result, !settings.targetOnly);
  return { graph: graphOf({ ...learnt, loss }), masks: scope.masks };
}

export interface StudentSettings extends Pick<ConsistencySettings, "loss" | "focalPower"> {
  readonly targetLossWeight: number;
  readonly targetOnly: boolean;
}

/** A pass with dropout where the network has it. @returns logits float32 [N, K, H, W], enlarged with aligned corners */
function studentPass(architecture: Architecture, { images, size }: PassSize, statistics: StatisticsSource) {
  const scope = new GraphScope(architecture.normalization, { statistics, dropout: "ownLayers" });
  const { logits } = forward(architecture, scope, input("image", [images, 3, ...size]));
  return { scope, logits: resizeBilinear(logits, size, architecture.alignCorners) };
}

function learntFrom(
  loss: Node,
  { parameters }: GraphScope,
  optimizer: Optimizer,
  result: Result,
  addsGradients: boolean,
): Record<string, Node> {
  const entries = [...parameters];
  const found = gradients(
    optimizer.objective(loss),
    entries.map(([, parameter]) => parameter),
  );
  const learnt: Record<string, Node> = {};
  for (const [k, [key, parameter]] of entries.entries()) {
    const name = `${GRADIENT_PREFIX}${key}`;
    const own = at(found, k);
    const gradient = addsGradients ? add(input(name, own.shape), own) : own;
    Object.assign(learnt, result === "gradients" ? { [name]: gradient } : optimizer.update(key, parameter, gradient));
  }
  return learnt;
}
