// Layer normalisation over the last axis, as transformers normalise each token.
import { apply, mismatch } from "../node.ts";
import type { Node, OnnxEmitter, Op, PerInput } from "../types.ts";
import { add } from "./add.ts";
import { scalar } from "./constant.ts";
import { div } from "./div.ts";
import { sumTo } from "./elementwise.ts";
import { mul } from "./mul.ts";
import { reduceMean } from "./reduce-mean.ts";
import { sqrt } from "./sqrt.ts";
import { sub } from "./sub.ts";

type LayerNormAttrs = { readonly epsilon: number };
type LayerNormInputs = ["x", "weight", "bias"];

export const layerNormOp: Op<LayerNormAttrs, LayerNormInputs> = {
  name: "layerNorm",
  infer: (_attrs, [x, weight, bias]) => {
    const size = x.shape.at(-1);
    if (size === undefined) throw mismatch("layerNorm", "wants a tensor of one or more axes");
    if (weight.shape.join() !== `${size}` || bias.shape.join() !== `${size}`) {
      throw mismatch("layerNorm", `weight [${weight.shape}] and bias [${bias.shape}] do not fit ${size} channels`);
    }
    return { shape: x.shape, dtype: "float32" };
  },
  gradient: (node, outGrad) => {
    const [x, weight] = node.inputs;
    const last = [x.shape.length - 1];
    const mean = (values: Node): Node => reduceMean(values, last, true);
    const centred = sub(x, mean(x));
    const invStd = div(scalar(1), sqrt(add(mean(mul(centred, centred)), scalar(node.attrs.epsilon))));
    const normalized = mul(centred, invStd);
    // dx = invStd · (w·g − mean(w·g) − x̂ · mean(w·g·x̂)), with x̂ the normalised x
    const scaled = mul(outGrad, weight);
    const along = mul(normalized, mean(mul(scaled, normalized)));
    const inputGradient = mul(sub(sub(scaled, mean(scaled)), along), invStd);
    return [inputGradient, sumTo(mul(outGrad, normalized), weight.shape), sumTo(outGrad, weight.shape)];
  },
  onnx: (emit, node, inputs) =>
    emit.hasCentredNorm
      ? emit.node("LayerNormalization", inputs, {
          axis: node.shape.length - 1,
          epsilon: { float: node.attrs.epsilon },
        })
      : spelledOut(emit, node, inputs),
  tfjs: (tf, node, [x, weight, bias]) =>
    tf.tidy(() => {
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const variance = tf.mean(tf.mul(centred, centred), -1, true);
      const normalized = tf.div(centred, tf.sqrt(tf.add(variance, node.attrs.epsilon)));
      return tf.add(tf.mul(normalized, weight), bias);
    }),
};

/**
 * (x − mean) / sqrt(variance + epsilon) · weight + bias, with mean and biased variance over the last axis: the meaning of ONNX
 * `LayerNormalization`-17 on one axis.
 *
 * @param x  float32 [..., C]; weight and bias float32 [C]
 */
export function layerNorm(x: Node, weight: Node, bias: Node, epsilon: number): Node {
  return apply(layerNormOp, { epsilon }, [x, weight, bias]);
}

function spelledOut(
  emit: OnnxEmitter,
  node: Node<LayerNormAttrs, LayerNormInputs>,
  [x, weight, bias]: PerInput<string, LayerNormInputs>,
): string {
  const axes = emit.constant(BigInt64Array.of(BigInt(node.shape.length - 1)), [1]);
  const mean = (values: string): string => emit.node("ReduceMean", [values, axes], { keepdims: 1 });
  const centred = emit.node("Sub", [x, mean(x)]);
  const epsilon = emit.constant(Float32Array.of(node.attrs.epsilon), []);
  const deviation = emit.node("Sqrt", [emit.node("Add", [mean(emit.node("Mul", [centred, centred])), epsilon])]);
  const normalized = emit.node("Div", [centred, deviation]);
  return emit.node("Add", [emit.node("Mul", [normalized, weight]), bias]);
}
