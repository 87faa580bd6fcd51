// A rewrite for processors: 3x3 convolutions of stride 1 and their gradients by Winograd's algorithm, where that pays.
import type { Graph } from "../graph.ts";
import { isMadeBy } from "../node.ts";
import { convOp } from "../ops/conv.ts";
import { convFilterGradientOp } from "../ops/conv-filter-gradient.ts";
import type { ConvAttrs } from "../ops/conv-geometry.ts";
import { convInputGradientOp } from "../ops/conv-input-gradient.ts";
import type { Node, Shape } from "../types.ts";
import { rewriteNodes } from "./rewrite-nodes.ts";
import { WINOGRAD_2, WINOGRAD_4, type WinogradAlgorithm } from "./winograd-algorithms.ts";
import { lineTiles, WinogradConvolution } from "./winograd-convolution.ts";

/** The same graph with convolutions replaced where the estimate below says that it saves time. */
export function useWinograd(graph: Graph): Graph {
  return rewriteNodes(graph, replaced);
}

function replaced(node: Node): Node {
  if (isMadeBy(node, convOp)) {
    const [input, weight] = node.inputs;
    const shapes = { input: input.shape, weight: weight.shape, output: node.shape };
    return convolutionFor(node.attrs, shapes)?.forward(input, weight, node.shape) ?? node;
  }
  if (isMadeBy(node, convInputGradientOp)) {
    const [outGrad, weight] = node.inputs;
    const shapes = { input: node.shape, weight: weight.shape, output: outGrad.shape };
    return convolutionFor(node.attrs, shapes)?.inputGradient(outGrad, weight, node.shape) ?? node;
  }
  if (isMadeBy(node, convFilterGradientOp)) {
    const [input, outGrad] = node.inputs;
    const shapes = { input: input.shape, weight: node.shape, output: outGrad.shape };
    return convolutionFor(node.attrs, shapes)?.filterGradient(input, outGrad, node.shape) ?? node;
  }
  return node;
}

/** A convolution seen as the forward pass it belongs to: shapes of its input, weight and result. */
interface ForwardShapes {
  readonly input: Shape;
  readonly weight: Shape;
  readonly output: Shape;
}

/**
 * Relative cost of a multiplication in the transforms' small matrix products, against one in a large product, and of
 * moving one number through a transpose. From timings of 256- and 512-channel layers on ONNX Runtime's CPU kernels.
 */
const SMALL_PRODUCT = 1.7;
const TRANSPOSED_NUMBER = 120;

/** The convolution by the fastest algorithm; undefined where that is the direct one. */
function convolutionFor(attrs: ConvAttrs, shapes: ForwardShapes): WinogradConvolution | undefined {
  const { strides, groups } = attrs;
  if (groups !== 1 || strides.join() !== "1,1") return undefined;
  const [k, c, r, s] = shapes.weight as [number, number, number, number];
  if (r !== 3 || s !== 3) return undefined;
  const [n, , h, w] = shapes.output as [number, number, number, number];
  const direct = { cost: n * k * c * 9 * h * w, algorithm: undefined };
  const candidates = [WINOGRAD_2, WINOGRAD_4].map((algorithm) => ({
    algorithm,
    cost: estimatedCost(shapes, attrs, algorithm),
  }));
  const { algorithm } = [direct, ...candidates].reduce((best, one) => (one.cost < best.cost ? one : best));
  return algorithm === undefined ? undefined : new WinogradConvolution(algorithm, attrs);
}

function estimatedCost(
  { input, weight, output }: ForwardShapes,
  { dilations }: ConvAttrs,
  { outputs }: WinogradAlgorithm,
): number {
  const [k, c] = weight as [number, number];
  const [n, , inH, inW] = input as [number, number, number, number];
  const [, , outH, outW] = output as [number, number, number, number];
  const tile = outputs + 2;
  const tileRows = lineTiles(outH, dilations[0], outputs).length;
  const tileColumns = lineTiles(outW, dilations[1], outputs).length;
  const wide = tile * tileColumns;
  const product = tile ** 2 * k * c * n * tileRows * tileColumns;
  const intoTiles = n * c * (inH * inW * wide + tile * tileRows * inH * wide);
  const outOfTiles = n * k * (outH * outW * wide + tile * tileRows * outH * wide);
  const transposed = n * (c + k) * tile ** 2 * tileRows * tileColumns;
  const kernels = tile ** 2 * 9 * k * c;
  return product + SMALL_PRODUCT * (intoTiles + outOfTiles + kernels) + TRANSPOSED_NUMBER * transposed;
}
