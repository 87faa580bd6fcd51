// How much there is to compute in a run: its graphs, built as they would be and then only counted.
import type { AdaptationConfig } from "../../../src-shared/contract/adaptation-config.ts";
import type { RunWork } from "../../../src-shared/contract/engine-protocol.ts";
import type { ImageMethodConfig } from "../../../src-shared/contract/image-methods.ts";
import { type Graph, graphOf } from "../graph/graph.ts";
import { graphWork } from "../graph/graph-work.ts";
import { elementCount } from "../graph/node.ts";
import { input } from "../graph/ops/input.ts";
import { eliminateCommonSubexpressions } from "../graph/rewrites/eliminate-common-subexpressions.ts";
import { rematerialize } from "../graph/rewrites/rematerialize.ts";
import { useWinograd } from "../graph/rewrites/use-winograd.ts";
import type { Shape } from "../graph/types.ts";
import { limitedSize } from "../images/limit-size.ts";
import { keepRatioSize } from "../images/resize-opencv.ts";
import { hasManyScores } from "../methods/inference/predict.ts";
import { type Framing, framingOf } from "../methods/inference/predict-reference.ts";
import {
  constantPartGraph,
  dropoutPlacesOf,
  FEATURE_PREFIX,
  frozenLayersOf,
  iterationGraph,
  splitAtFirstTrained,
} from "../methods/self-adaptation/adaptation-graphs.ts";
import { type SlidingWindow, slidingWindowOf, windowCount, windowGrid } from "../methods/sliding-window/window-grid.ts";
import type { FitBox } from "../methods/test-pipeline/predict-fitted.ts";
import { type Architecture, forward } from "../models/architecture.ts";
import { GraphScope } from "../models/model-scope.ts";

type Size = { readonly width: number; readonly height: number };
type Part = RunWork["prediction"];

const NOTHING: Part = { gflop: 0, movedBytes: 0, heldBytes: 0 };
const BYTES_PER_NUMBER = 4;
/** For each pixel of an image: its own colours and those of the pictures that are made of its prediction, a quarter of them. */
const PICTURE_BYTES = 4;

/** @param size  of the image; what is computed is limited as the method limits it */
export function runWork(architecture: Architecture, size: Size, config: ImageMethodConfig): RunWork {
  const { fit, window } = framingOf(config);
  if (fit !== null) return fittedWork(architecture, size, config, { fit, window });
  const limited = limitedSize(size);
  const predictionWork = (whole: Size): Part =>
    window === null ? evaluationWork(architecture, limitedSize(whole)) : windowsWork(architecture, whole, window);
  // Adaptation's views are of the image that it adapts to.
  const viewWork = (scale: number): Part =>
    window === null || config.method === "adapt"
      ? evaluationWork(architecture, scaled(limited, scale))
      : windowsWork(architecture, scaled(size, scale), window);
  const scales = config.method === "tta" || config.method === "adapt" ? config.scales : [];
  const isAdapted = config.method === "adapt" && config.numEpochs > 0;
  return {
    prediction: predictionWork(size),
    views: scales.map((scale) => ({ scale, ...viewWork(scale) })),
    iteration: isAdapted ? iterationWork(architecture, limited, config) : NOTHING,
    weightBytes: weightBytesOf(architecture),
    scoreBytes: BYTES_PER_NUMBER * architecture.numClasses * size.width * size.height,
    heldScoreBytes: heldScoreBytes(architecture, size, config),
  };
}

/** Of an image that is fitted into a box, and of its views, each into one of its own. */
function fittedWork(
  architecture: Architecture,
  size: Size,
  config: ImageMethodConfig,
  { fit: [height, width], window }: Framing & { readonly fit: FitBox },
): RunWork {
  const work = (scale: number): Part => {
    const seen = keepRatioSize(size, { width: Math.trunc(width * scale), height: Math.trunc(height * scale) });
    return window === null ? evaluationWork(architecture, seen) : windowsWork(architecture, seen, window);
  };
  const scoreBytes = BYTES_PER_NUMBER * architecture.numClasses * size.width * size.height;
  return {
    prediction: work(1),
    views: config.method === "tta" ? config.scales.map((scale) => ({ scale, ...work(scale) })) : [],
    iteration: NOTHING,
    weightBytes: weightBytesOf(architecture),
    scoreBytes,
    heldScoreBytes: scoreBytes,
  };
}

/** Of the pixels whose scores are together at a time; where those of the whole image never are, its pictures count. */
function heldScoreBytes(architecture: Architecture, size: Size, config: ImageMethodConfig): number {
  const scoresOf = (width: number, height: number) => BYTES_PER_NUMBER * architecture.numClasses * width * height;
  const window = slidingWindowOf(config);
  if (window !== null) return scoresOf(size.width, Math.min(size.height, window.height));
  if (config.method !== "predict" || !hasManyScores({ architecture }, size)) return scoresOf(size.width, size.height);
  const limited = limitedSize(size);
  return scoresOf(limited.width, limited.height) + PICTURE_BYTES * size.width * size.height;
}

function scaled({ width, height }: Size, scale: number): Size {
  return { width: Math.max(1, Math.trunc(width * scale)), height: Math.max(1, Math.trunc(height * scale)) };
}

export function weightBytesOf({ keys }: Architecture): number {
  return BYTES_PER_NUMBER * [...keys.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
}

/** Of one pass over an image of this size. */
export function evaluationWork(architecture: Architecture, { width, height }: Size): Part {
  const scope = new GraphScope(architecture.normalization, { statistics: "mixed" });
  const { logits } = forward(architecture, scope, input("image", [1, 3, height, width]));
  return partOf(graphOf({ logits }));
}

/** Of all windows one after the other, of which one is held. */
function windowsWork(architecture: Architecture, size: Size, window: SlidingWindow): Part {
  const grid = windowGrid(size, window);
  const { gflop, movedBytes, heldBytes } = evaluationWork(architecture, grid);
  const windows = windowCount(grid);
  return { gflop: windows * gflop, movedBytes: windows * movedBytes, heldBytes };
}

function iterationWork(architecture: Architecture, { width, height }: Size, config: AdaptationConfig): Part {
  const frozenLayers = frozenLayersOf(architecture, config);
  const places = dropoutPlacesOf(config);
  const split = splitAtFirstTrained(architecture, frozenLayers, places);
  const graph = iterationGraph(
    architecture,
    split.iterated,
    featureShapes(architecture, split.constant, [1, 3, height, width]),
    [height, width],
    { frozenLayers, places, hasMomentum: config.momentum > 0, hasWeightDecay: config.weightDecay > 0 },
  );
  return partOf(graph);
}

function featureShapes(architecture: Architecture, constant: Architecture["stages"], imageShape: Shape): Shape[] {
  if (constant.length === 0) return [imageShape];
  const { outputs } = constantPartGraph(architecture, constant, imageShape);
  return [...outputs].filter(([name]) => name.startsWith(FEATURE_PREFIX)).map(([, { shape }]) => shape);
}

/** Of the graph as the processor gets it; for other devices it is close enough. */
export function partOf(graph: Graph): Part {
  const { flop, movedBytes, heldBytes } = graphWork(eliminateCommonSubexpressions(useWinograd(rematerialize(graph))));
  return { gflop: flop / 1e9, movedBytes, heldBytes };
}
