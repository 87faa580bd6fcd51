// Matrix product over the last two axes, either operand transposed on request.
import type { Tensor } from "@tensorflow/tfjs";
import { apply, at, broadcastShape, mismatch, sameShape, shapeText } from "../node.ts";
import type { Node, OnnxEmitter, Op, Shape, Tfjs } from "../types.ts";
import { sumTo } from "./elementwise.ts";

type MatMulAttrs = { readonly transposeA: boolean; readonly transposeB: boolean };

export const matMulOp: Op<MatMulAttrs, ["a", "b"]> = {
  name: "matMul",
  infer: ({ transposeA, transposeB }, [a, b]) => {
    if (a.dtype !== "float32" || b.dtype !== "float32" || a.shape.length < 2 || b.shape.length < 2) {
      throw mismatch("matMul", "wants two float32 tensors of two or more axes");
    }
    const [rows, innerA] = lastTwo(a.shape, transposeA);
    const [innerB, columns] = lastTwo(b.shape, transposeB);
    if (innerA !== innerB) {
      throw mismatch(
        "matMul",
        `inner sizes ${innerA} and ${innerB} of ${shapeText(a.shape)} and ${shapeText(b.shape)} differ`,
      );
    }
    const batch = broadcastShape("matMul", a.shape.slice(0, -2), b.shape.slice(0, -2));
    return { shape: [...batch, rows, columns], dtype: "float32" };
  },
  gradient: (node, outGrad) => {
    const [a, b] = node.inputs;
    const { transposeA, transposeB } = node.attrs;
    const gradA = transposeA ? matMul(b, outGrad, transposeB, true) : matMul(outGrad, b, false, !transposeB);
    const gradB = transposeB ? matMul(outGrad, a, true, transposeA) : matMul(a, outGrad, !transposeA, false);
    return [sumTo(gradA, a.shape), sumTo(gradB, b.shape)];
  },
  onnx: (emit, node, inputs) => {
    const { transposeA, transposeB } = node.attrs;
    if (!transposeA && !transposeB) return emit.node("MatMul", inputs);
    const [a, b] = node.inputs;
    if (a.shape.length === 2 && b.shape.length === 2) {
      return emit.node("Gemm", inputs, { transA: Number(transposeA), transB: Number(transposeB) });
    }
    return onnxMatMul(
      emit,
      { name: inputs[0], rank: a.shape.length, isTransposed: transposeA },
      { name: inputs[1], rank: b.shape.length, isTransposed: transposeB },
    );
  },
  tfjs: (tf, node, [a, b]) =>
    tf.tidy(() => {
      // TensorFlow.js broadcasts leading axes only in part, so that is done here.
      const batch = node.shape.slice(0, -2);
      const { transposeA, transposeB } = node.attrs;
      return tf.matMul(broadcast(tf, a, batch), broadcast(tf, b, batch), transposeA, transposeB);
    }),
};

/**
 * Matrix product.
 *
 * @param a  float32 [..., M, K], or [..., K, M] with transposeA
 * @param b  float32 [..., K, N], or [..., N, K] with transposeB; leading axes broadcast
 * @returns  float32 [..., M, N]
 */
export function matMul(a: Node, b: Node, transposeA = false, transposeB = false): Node {
  return apply(matMulOp, { transposeA, transposeB }, [a, b]);
}

function broadcast(tf: Tfjs, x: Tensor, batch: Shape): Tensor {
  const shape = [...batch, ...x.shape.slice(-2)];
  return sameShape(shape, x.shape) ? x : tf.broadcastTo(x, shape);
}

function lastTwo(shape: Shape, transposed: boolean): [number, number] {
  const [rows, columns] = [at(shape, -2), at(shape, -1)];
  return transposed ? [columns, rows] : [rows, columns];
}

/** An operand of an ONNX matrix product: a value of `rank` axes, of which the last two may be read transposed. */
export interface OnnxFactor {
  readonly name: string;
  readonly rank: number;
  readonly isTransposed?: boolean;
}

/** Emits a product of matrices over the last two axes, without transposed copies where ONNX Runtime alone runs it. */
export function onnxMatMul(emit: OnnxEmitter, a: OnnxFactor, b: OnnxFactor): string {
  const [transA, transB] = [a.isTransposed === true, b.isTransposed === true];
  if (emit.hasMicrosoftOps && (transA || transB)) {
    const attributes = { transA: Number(transA), transB: Number(transB), alpha: { float: 1 } };
    return emit.node("FusedMatMul", [a.name, b.name], attributes, "com.microsoft");
  }
  return emit.node("MatMul", [transposed(emit, a), transposed(emit, b)]);
}

function transposed(emit: OnnxEmitter, { name, rank, isTransposed = false }: OnnxFactor): string {
  if (!isTransposed) return name;
  const perm = Array.from({ length: rank }, (_, axis) => axis);
  return emit.node("Transpose", [name], { perm: [...perm.slice(0, -2), rank - 1, rank - 2] });
}
