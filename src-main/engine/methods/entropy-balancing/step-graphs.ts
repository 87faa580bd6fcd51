// The programs of a step as graphs: passes of student, teacher and frozen encoder; gradients go from pass to pass and add up.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import { gradients } from "../../graph/gradients.ts";
import { graphOf } from "../../graph/graph.ts";
import { at } from "../../graph/node.ts";
import { add } from "../../graph/ops/add.ts";
import { argMax } from "../../graph/ops/arg-max.ts";
import { cast } from "../../graph/ops/cast.ts";
import { equal } from "../../graph/ops/equal.ts";
import { input } from "../../graph/ops/input.ts";
import { reduceMax } from "../../graph/ops/reduce-max.ts";
import { reduceMean } from "../../graph/ops/reduce-mean.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import { softmax } from "../../graph/ops/softmax.ts";
import type { Node, Shape } from "../../graph/types.ts";
import { type Architecture, forward } from "../../models/architecture.ts";
import { GraphScope, type ScopeOptions } from "../../models/model-scope.ts";
import { runningStatistics } from "../shared/running-statistics.ts";
import type { StepGraph } from "../shared/step-programs.ts";
import { entropyBalance, entropyOf, featureDistance, weightedCrossEntropy } from "./losses.ts";

/** Before the key of a parameter: its gradient of the passes so far. */
export const GRADIENT_PREFIX = "gradient.";

/** N images of one size. */
export interface PassSize {
  readonly images: number;
  readonly size: readonly [number, number];
}

const STUDENT: ScopeOptions = { statistics: "batch", dropout: "ownLayers" };
/** Nothing is dropped, but normalisation is the batch's and running statistics move on. Source: spec "16. Gotchas", 12. */
const TEACHER: ScopeOptions = { statistics: "batch" };

/**
 * Labelled source images: cross-entropy and, where a weight is given, the distance of the last map to the frozen encoder's.
 *
 * Inputs: `image` float32 [N, 3, H, W]; `labels` int32 [N, 1, H, W]; `pixelWeights` float32 [N, 1, H, W]; with the distance
 * `frozen` float32 [N, C, h, w] and `shares` float32 [N, 1, h, w]; the network's tensors; masks.
 * Outputs: `loss`, `accuracy`, `distance`; gradients; running statistics.
 */
export function sourceGraph(architecture: Architecture, pass: PassSize, distanceWeight: number | null): StepGraph {
  const { scope, logits, last } = passOf(architecture, pass, STUDENT);
  const { loss, accuracy } = segmentation(logits, pass);
  const [images, , height, width] = last.shape as [number, number, number, number];
  const distance =
    distanceWeight === null
      ? null
      : featureDistance(last, input("frozen", last.shape), input("shares", [images, 1, height, width]), distanceWeight);
  const learnt = addedGradients(distance === null ? loss : add(loss, distance), scope, false);
  const told = distance === null ? { loss, accuracy } : { loss, accuracy, distance };
  return { graph: graphOf({ ...learnt, ...runningStatistics(scope), ...told }), masks: scope.masks };
}

/** The last map of the encoder as it was before the training. Output: `features`. */
export function frozenGraph(architecture: Architecture, pass: PassSize): StepGraph {
  const { scope, last } = passOf(architecture, pass, { statistics: "running" });
  return { graph: graphOf({ features: last }), masks: scope.masks };
}

/** Shape of the encoder's last map. */
export function lastMapShape(architecture: Architecture, pass: PassSize): Shape {
  return passOf(architecture, pass, { statistics: "running" }).last.shape;
}

/** Target images. Outputs: `confidence` float32 [N, 1, H, W], `pseudoLabels` int32 [N, 1, H, W]; running statistics. */
export function teacherGraph(architecture: Architecture, pass: PassSize): StepGraph {
  const { scope, logits } = passOf(architecture, pass, TEACHER);
  const outputs = {
    confidence: reduceMax(softmax(logits, 1), [1], true),
    pseudoLabels: reshape(argMax(logits, 1), [pass.images, 1, ...pass.size]),
  };
  return { graph: graphOf({ ...runningStatistics(scope), ...outputs }), masks: scope.masks };
}

/**
 * Mixed images and their labels. Inputs as of `sourceGraph` without the distance, and the gradients so far.
 * Outputs: `loss`, `accuracy`; gradients; running statistics.
 */
export function mixedGraph(architecture: Architecture, pass: PassSize): StepGraph {
  const { scope, logits } = passOf(architecture, pass, STUDENT);
  const told = segmentation(logits, pass);
  const learnt = addedGradients(told.loss, scope, true);
  return { graph: graphOf({ ...learnt, ...runningStatistics(scope), ...told }), masks: scope.masks };
}

/**
 * Mixed images once more, with draws of their own. Inputs: `image`; `balancePoint` float32 []; the gradients so far; the
 * network's tensors; masks. Outputs: `loss`, `entropy` float32 [N, 1, H, W]; gradients; running statistics.
 */
export function entropyGraph(architecture: Architecture, pass: PassSize, weight: number): StepGraph {
  const { scope, logits } = passOf(architecture, pass, STUDENT);
  const entropy = entropyOf(logits);
  const loss = entropyBalance(entropy, input("balancePoint", []), weight);
  const learnt = addedGradients(loss, scope, true);
  return { graph: graphOf({ ...learnt, ...runningStatistics(scope), loss, entropy }), masks: scope.masks };
}

/** What `entropyGraph` will see, for a balance point that follows from it. Output: `entropy`. */
export function entropiesGraph(architecture: Architecture, pass: PassSize): StepGraph {
  const { scope, logits } = passOf(architecture, pass, STUDENT);
  return { graph: graphOf({ entropy: entropyOf(logits) }), masks: scope.masks };
}

function passOf(architecture: Architecture, { images, size }: PassSize, options: ScopeOptions) {
  const scope = new GraphScope(architecture.normalization, options);
  const { logits, features } = forward(architecture, scope, input("image", [images, 3, ...size]));
  // The head is the last stage; the one before gives its own map first.
  const last = features.get(architecture.stages.at(-2)?.name ?? "")?.[0];
  if (last === undefined) throw new BugError("the network has no encoder before its head");
  return { scope, last, logits: resizeBilinear(logits, size, architecture.alignCorners) };
}

/** Cross-entropy, and the share of all pixels that are right; ignored ones count as wrong. */
function segmentation(logits: Node, { images, size }: PassSize): { readonly loss: Node; readonly accuracy: Node } {
  const labels = input("labels", [images, 1, ...size], "int32");
  const found = reshape(argMax(logits, 1), labels.shape);
  return {
    loss: weightedCrossEntropy(logits, labels, input("pixelWeights", labels.shape)),
    accuracy: reduceMean(cast(equal(found, labels), "float32"), [0, 1, 2, 3]),
  };
}

function addedGradients(loss: Node, { parameters }: GraphScope, addsEarlier: boolean): Record<string, Node> {
  const entries = [...parameters];
  const found = gradients(
    loss,
    entries.map(([, parameter]) => parameter),
  );
  return Object.fromEntries(
    entries.map(([key], k): [string, Node] => {
      const name = `${GRADIENT_PREFIX}${key}`;
      const own = at(found, k);
      return [name, addsEarlier ? add(input(name, own.shape), own) : own];
    }),
  );
}
