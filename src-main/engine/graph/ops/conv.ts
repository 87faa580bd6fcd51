import { apply, at } from "../node.ts";
import type { Node, Op } from "../types.ts";
import { convFilterGradient } from "./conv-filter-gradient.ts";
import { type ConvAttrs, convSizes, onnxConvAttributes, tfjsConvGroup, tfjsGroups } from "./conv-geometry.ts";
import { convInputGradient } from "./conv-input-gradient.ts";

export const convOp: Op<ConvAttrs, ["x", "weight"]> = {
  name: "conv",
  infer: (attrs, [x, weight]) => {
    const { n, k, outH, outW } = convSizes("conv", attrs, x, weight.shape);
    return { shape: [n, k, outH, outW], dtype: "float32" };
  },
  gradient: (node, outGrad) => {
    const [x, weight] = node.inputs;
    return [
      convInputGradient(outGrad, weight, x.shape, node.attrs),
      convFilterGradient(x, outGrad, weight.shape, node.attrs),
    ];
  },
  onnx: (emit, node, inputs) => {
    const [, , r, s] = node.inputs[1].shape;
    return emit.node("Conv", inputs, onnxConvAttributes(node.attrs, [r ?? 1, s ?? 1]));
  },
  tfjs: (tf, node, [x, weight]) =>
    tf.tidy(() => {
      const images = tfjsGroups(tf, x, node.attrs.groups, 1);
      const filters = tfjsGroups(tf, weight, node.attrs.groups, 0);
      return tf.concat(
        images.map((image, group) => tfjsConvGroup(tf, image, at(filters, group), node.attrs)),
        1,
      );
    }),
};

/**
 * Two-dimensional cross-correlation, the meaning of ONNX `Conv`-11 without bias.
 *
 * @param x       float32 [N, C, H, W]
 * @param weight  float32 [K, C / groups, R, S]
 * @returns       float32 [N, K, H', W'], H' = floor((H + top + bottom − dilation·(R − 1) − 1) / stride) + 1, W' likewise
 * @throws        AppError `graph.shapeMismatch` when C ≠ groups · weight.shape[1], or the kernel is larger than the padded input
 */
export function conv(x: Node, weight: Node, attrs: Partial<ConvAttrs> = {}): Node {
  return apply(convOp, { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1, ...attrs }, [x, weight]);
}
