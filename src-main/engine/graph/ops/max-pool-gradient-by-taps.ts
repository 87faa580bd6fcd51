// The gradient of max pooling in ONNX without the indices of the largest elements, for devices that cannot compute them.
import { at, nchw } from "../node.ts";
import type { Node, OnnxEmitter, Shape } from "../types.ts";
import { taps, tapWindow } from "./conv-geometry.ts";
import type { PoolAttrs } from "./max-pool.ts";

/**
 * Emits the gradient of max pooling as a comparison for each tap of the kernel; two to three times as slow on processors as
 * scattering to indices.
 *
 * @param x        name of a value [N, C, H, W]
 * @param outGrad  name of a value [N, C, H', W']
 * @returns        name of a value [N, C, H, W]
 */
export function onnxPoolGradientByTaps(
  emit: OnnxEmitter,
  node: Node<PoolAttrs, ["x", "outGrad"]>,
  x: string,
  outGrad: string,
): string {
  const { kernel, strides, pads } = node.attrs;
  const [, , outH, outW] = nchw("maxPoolGradient", node.inputs[1]);
  const geometry = { strides, pads, dilations: [1, 1] as const, groups: 1 };
  const largest = emit.node("MaxPool", [x], { kernel_shape: kernel, strides, pads });
  const padded = onnxPad(emit, x, pads, Number.NEGATIVE_INFINITY);
  const zero = emit.constant(new Float32Array(1), []);
  // What the taps before this one have not taken: the first of equal ones takes it all.
  let remaining = outGrad;
  const shares = taps(kernel[0], kernel[1]).map(([row, column]) => {
    const { starts, ends, steps } = tapWindow(geometry, row, column, outH, outW);
    const isLargest = emit.node("Equal", [onnxSlice(emit, padded, starts, ends, steps), largest]);
    const share = emit.node("Where", [isLargest, remaining, zero]);
    remaining = emit.node("Sub", [remaining, share]);
    return { row, column, share };
  });
  return interleaved(emit, node, shares, [outH, outW]);
}

interface Share {
  readonly row: number;
  readonly column: number;
  /** Name of a value [N, C, H', W']. */
  readonly share: string;
}

/**
 * Adds every tap's share up at its pixels, [N, C, H, W]. Taps that are a multiple of the stride apart meet in the same
 * pixels: they are summed at the size of windows, and only the sums are spread out and interleaved.
 */
function interleaved(
  emit: OnnxEmitter,
  node: Node<PoolAttrs, ["x", "outGrad"]>,
  shares: readonly Share[],
  out: readonly [number, number],
) {
  const { kernel, strides, pads } = node.attrs;
  const [n, c, h, w] = nchw("maxPoolGradient", node);
  const [strideH, strideW] = strides;
  const rows = out[0] + Math.floor((kernel[0] - 1) / strideH);
  const columns = out[1] + Math.floor((kernel[1] - 1) / strideW);
  const sumAt = (phaseRow: number, phaseColumn: number): string => {
    const placed = shares
      .filter(({ row, column }) => row % strideH === phaseRow && column % strideW === phaseColumn)
      .map(({ row, column, share }) => {
        const [top, left] = [(row - phaseRow) / strideH, (column - phaseColumn) / strideW];
        return onnxPad(emit, share, [top, left, rows - out[0] - top, columns - out[1] - left], 0);
      });
    const none = () => emit.constant(new Float32Array(n * c * rows * columns), [n, c, rows, columns]);
    const sum = placed.length === 0 ? none() : placed.reduce((a, b) => emit.node("Add", [a, b]));
    return reshaped(emit, sum, [n, c, rows, 1, columns, 1]);
  };
  const phaseRows = Array.from({ length: strideH }, (_, phaseRow) =>
    joined(
      emit,
      Array.from({ length: strideW }, (_, phaseColumn) => sumAt(phaseRow, phaseColumn)),
      5,
    ),
  );
  const [spreadH, spreadW] = [rows * strideH, columns * strideW];
  // [N, C, rows, strideH, columns, strideW]
  const spread = reshaped(emit, joined(emit, phaseRows, 3), [n, c, spreadH, spreadW]);
  const [top, left] = pads;
  const [bottom, right] = [Math.min(top + h, spreadH), Math.min(left + w, spreadW)];
  const inside = onnxSlice(emit, spread, [top, left], [bottom, right], [1, 1]);
  // Rows and columns at the end that no window reaches.
  return onnxPad(emit, inside, [0, 0, top + h - bottom, left + w - right], 0);
}

function joined(emit: OnnxEmitter, values: readonly string[], axis: number): string {
  return values.length === 1 ? at(values, 0) : emit.node("Concat", values, { axis });
}

function reshaped(emit: OnnxEmitter, value: string, shape: Shape): string {
  return emit.node("Reshape", [value, integers(emit, shape)]);
}

/** Rows and columns of a value [N, C, H, W]. */
function onnxSlice(
  emit: OnnxEmitter,
  value: string,
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[],
): string {
  return emit.node("Slice", [value, ...[starts, ends, [2, 3], steps].map((list) => integers(emit, list))]);
}

function onnxPad(emit: OnnxEmitter, value: string, pads: readonly number[], fill: number): string {
  if (pads.every((count) => count === 0)) return value;
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  const counts = integers(emit, [0, 0, top, left, 0, 0, bottom, right]);
  return emit.node("Pad", [value, counts, emit.constant(Float32Array.of(fill), [])]);
}

function integers(emit: OnnxEmitter, values: readonly number[]): string {
  return emit.constant(BigInt64Array.from(values, BigInt), [values.length]);
}
