// What weights start as where no file gives them: the distributions that the originals draw from.
import { at, elementCount } from "../graph/node.ts";
import type { Shape } from "../graph/types.ts";

/** All the same, normal around 0 with a deviation, or uniform between −limit and limit. */
export type InitialValues = { readonly all: number } | { readonly deviation: number } | { readonly limit: number };

/** What one layer's weight, or its bias, starts as. @param weight  shape of the layer's weight */
export type InitialRule = (key: string, weight: Shape) => InitialValues;

export const ZEROS: InitialValues = { all: 0 };

/**
 * Variance 2 / (output channels · kernel area), which keeps the size of the gradients.
 * Source: He et al., ICCV 2015, equation 14; torchvision's ResNets and VGGs.
 */
export function normalByOutputs(weight: Shape): InitialValues {
  return { deviation: Math.sqrt(2 / (at(weight, 0) * elementCount(weight.slice(2)))) };
}

/** Variance 2 / (input channels · kernel area). */
export function normalByInputs(weight: Shape): InitialValues {
  return { deviation: Math.sqrt(2 / elementCount(weight.slice(1))) };
}

/** Within 1 / √(input channels · kernel area): PyTorch's own, of weights and of biases. */
export function uniformByInputs(weight: Shape): InitialValues {
  return { limit: 1 / Math.sqrt(elementCount(weight.slice(1))) };
}

export function isBias(key: string): boolean {
  return key.endsWith(".bias");
}
