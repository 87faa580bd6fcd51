// Bilinear interpolation of feature maps to another size, without antialiasing.
import type { Tensor } from "@tensorflow/tfjs";
import { apply, mismatch, nchw } from "../node.ts";
import { type Node, OMITTED, type OnnxEmitter, type Op, type PerInput } from "../types.ts";
import { constant } from "./constant.ts";
import { interpolationMatrix } from "./interpolation-matrix.ts";
import { matMul } from "./mat-mul.ts";

type ResizeAttrs = { readonly size: readonly [number, number]; readonly alignCorners: boolean };

/** From this enlargement on two matrix products are faster than ONNX Runtime's Resize; below, they do too much work. */
const MATRIX_PRODUCTS_FROM = 4;

export const resizeBilinearOp: Op<ResizeAttrs, ["x"]> = {
  name: "resizeBilinear",
  infer: ({ size }, [x]) => {
    const [n, c] = nchw("resizeBilinear", x);
    if (size.some((pixels) => pixels < 1)) throw mismatch("resizeBilinear", `there is no size [${size}]`);
    return { shape: [n, c, ...size], dtype: "float32" };
  },
  // Interpolation is linear, rows · x · columnsᵀ; its gradient is rowsᵀ · g · columns.
  gradient: (node, outGrad) => {
    const [rows, columns] = matrices(node);
    return [matMul(rows, matMul(outGrad, columns), true, false)];
  },
  onnx: (emit, node, inputs) =>
    isLargeEnlargement(node) ? matrixProducts(emit, node, inputs) : resize(emit, node, inputs),
  tfjs: (tf, node, [x]) =>
    tf.tidy(() => {
      const [n, c] = node.shape as [number, number];
      const [rows, columns] = matrices(node).map((matrix) => matrix.op.tfjs(tf, matrix, [])) as [Tensor, Tensor];
      const widened = tf.matMul(tf.reshape(x, [-1, columns.shape[1] ?? 1]), columns, false, true);
      const [outH, outW] = node.attrs.size;
      const maps = tf.reshape(widened, [n * c, rows.shape[1] ?? 1, outW]);
      const tiled = tf.tile(tf.expandDims(rows, 0), [n * c, 1, 1]);
      return tf.reshape(tf.matMul(tiled, maps), [n, c, outH, outW]);
    }),
};

/**
 * Bilinear interpolation to another size. Source: spec "1.1 Common rules".
 *
 * @param x             float32 [N, C, H, W]
 * @param size          [H', W']
 * @param alignCorners  true: corner pixels coincide; false: half-pixel centres
 * @returns             float32 [N, C, H', W']
 */
export function resizeBilinear(x: Node, size: readonly [number, number], alignCorners: boolean): Node {
  const [, , h, w] = nchw("resizeBilinear", x);
  return h === size[0] && w === size[1] ? x : apply(resizeBilinearOp, { size, alignCorners }, [x]);
}

type ResizeNode = Node<ResizeAttrs, ["x"]>;

function matrices({ attrs, inputs }: ResizeNode): [rows: Node, columns: Node] {
  const [, , h, w] = nchw("resizeBilinear", inputs[0]);
  const [outH, outW] = attrs.size;
  return [
    constant(interpolationMatrix(h, outH, attrs.alignCorners), [outH, h]),
    constant(interpolationMatrix(w, outW, attrs.alignCorners), [outW, w]),
  ];
}

function isLargeEnlargement({ attrs, inputs }: ResizeNode): boolean {
  const [, , h, w] = nchw("resizeBilinear", inputs[0]);
  return attrs.size[0] >= MATRIX_PRODUCTS_FROM * h && attrs.size[1] >= MATRIX_PRODUCTS_FROM * w;
}

function matrixProducts(emit: OnnxEmitter, node: ResizeNode, [x]: PerInput<string, ["x"]>): string {
  const [, , h, w] = nchw("resizeBilinear", node.inputs[0]);
  const {
    size: [outH, outW],
    alignCorners,
  } = node.attrs;
  const rows = emit.constant(interpolationMatrix(h, outH, alignCorners), [outH, h]);
  const columns = emit.constant(transposed(interpolationMatrix(w, outW, alignCorners), outW, w), [w, outW]);
  return emit.node("MatMul", [rows, emit.node("MatMul", [x, columns])]);
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(matrix, (_, k) => matrix[(k % rows) * columns + Math.floor(k / rows)] ?? 0);
}

function resize(emit: OnnxEmitter, node: ResizeNode, [x]: PerInput<string, ["x"]>): string {
  const sizes = emit.constant(BigInt64Array.from(node.shape, BigInt), [4]);
  const coordinates = node.attrs.alignCorners ? "align_corners" : "half_pixel";
  return emit.node("Resize", [x, OMITTED, OMITTED, sizes], {
    mode: "linear",
    coordinate_transformation_mode: coordinates,
  });
}
