// The programs of CROTS's steps as graphs: the student learns from images and labels, the teacher gives labels.
import { classTargets } from "../../graph/functions/class-targets.ts";
import { crossEntropy } from "../../graph/functions/cross-entropy.ts";
import { gradients } from "../../graph/gradients.ts";
import { graphOf } from "../../graph/graph.ts";
import { at } from "../../graph/node.ts";
import { add } from "../../graph/ops/add.ts";
import { argMax } from "../../graph/ops/arg-max.ts";
import { input } from "../../graph/ops/input.ts";
import { mul } from "../../graph/ops/mul.ts";
import { reduceMax } from "../../graph/ops/reduce-max.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import { softmax } from "../../graph/ops/softmax.ts";
import { type Architecture, forward } from "../../models/architecture.ts";
import { GraphScope, type StatisticsSource } from "../../models/model-scope.ts";
import { runningStatistics } from "../shared/running-statistics.ts";
import type { StepGraph } from "../shared/step-programs.ts";

/** Before the key of a parameter: its gradient. */
export const GRADIENT_PREFIX = "gradient.";

/** What goes through a network at once: N images of one size. */
export interface PassSize {
  readonly images: number;
  /** Height and width. */
  readonly size: readonly [number, number];
}

/**
 * A pass of the student in training mode. Source: spec "6. Step 2", "9.5", "9.6".
 *
 * Inputs: `image` float32 [N, 3, H, W] as the network takes it; `labels` int32 [N, 1, H, W], 255 where ignored; `weight` of the
 * loss, float32 []; the network's tensors by key; where it adds, the gradients so far. Outputs: `loss`, weighted; `gradient.KEY` of
 * what learns; running statistics.
 */
export function learningGraph(architecture: Architecture, { images, size }: PassSize, addsEarlier: boolean): StepGraph {
  const { scope, logits } = passOf(architecture, { images, size }, "batch");
  const labels = input("labels", [images, 1, ...size], "int32");
  const loss = mul(input("weight", []), crossEntropy(logits, classTargets(labels, architecture.numClasses)));
  const keys = new Set(learningKeys(architecture));
  // What the loss does not depend on, such as branches that are left out, gets no gradient and no step.
  const used = graphOf({ loss }).inputs;
  const entries = [...scope.parameters].filter(([key]) => keys.has(key) && used.has(key));
  const found = gradients(
    loss,
    entries.map(([, parameter]) => parameter),
  );
  const learnt = Object.fromEntries(
    entries.map(([key], k) => {
      const name = `${GRADIENT_PREFIX}${key}`;
      const own = at(found, k);
      return [name, addsEarlier ? add(input(name, own.shape), own) : own] as const;
    }),
  );
  return { graph: graphOf({ ...learnt, ...runningStatistics(scope), loss }), masks: scope.masks };
}

/**
 * A pass of the teacher over clean images. Source: spec "9.1", "9.3".
 *
 * Outputs: `labels` int32 [N, H, W]; `confidence` float32 [N, 1, H, W], the largest logit or probability; running statistics where it
 * normalises by the batch.
 */
export function teacherGraph(
  architecture: Architecture,
  pass: PassSize,
  {
    statistics,
    confidenceOf,
  }: { readonly statistics: StatisticsSource; readonly confidenceOf: "logits" | "probabilities" },
): StepGraph {
  const { scope, logits } = passOf(architecture, pass, statistics);
  const scores = confidenceOf === "logits" ? logits : softmax(logits, 1);
  const labels = reshape(argMax(logits, 1), [pass.images, ...pass.size]);
  const outputs = { labels, confidence: reduceMax(scores, [1], true) };
  return { graph: graphOf({ ...outputs, ...runningStatistics(scope) }), masks: scope.masks };
}

/** Convolutions learn; weights and biases of normalisation are frozen. Source: spec "4.5 Batch-norm handling". */
export function learningKeys({ keys }: Pick<Architecture, "keys">): string[] {
  return [...keys.keys()].filter((key) => {
    const [, layer] = /^(.*)\.(weight|bias)$/.exec(key) ?? [];
    return layer !== undefined && !keys.has(`${layer}.running_mean`);
  });
}

/** @returns logits float32 [N, K, H, W], enlarged with aligned corners */
function passOf(architecture: Architecture, { images, size }: PassSize, statistics: StatisticsSource) {
  const scope = new GraphScope(architecture.normalization, { statistics });
  const { logits } = forward(architecture, scope, input("image", [images, 3, ...size]));
  return { scope, logits: resizeBilinear(logits, size, architecture.alignCorners) };
}
