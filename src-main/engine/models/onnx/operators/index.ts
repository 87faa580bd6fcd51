// The table of operators of ONNX that are read: by their names, each for every operator set that is read.
import type { Operator } from "../operator-call.ts";
import { ACTIVATIONS } from "./activations.ts";
import { ARITHMETIC } from "./arithmetic.ts";
import { LAYERS } from "./layers.ts";
import { REDUCTIONS } from "./reductions.ts";
import { RESIZES } from "./resize.ts";
import { SHAPES } from "./shapes.ts";

export const OPERATORS: Readonly<Record<string, Operator>> = {
  ...ACTIVATIONS,
  ...ARITHMETIC,
  ...LAYERS,
  ...REDUCTIONS,
  ...RESIZES,
  ...SHAPES,
};
