// Where the windows of an imported convolution or pooling lie: pads, strides and dilations of a node, whatever it leaves out.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { OperatorCall } from "./operator-call.ts";

export interface Windows {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number];
}

/** @param kernel  of the weight; undefined where the node says it */
export function windowsOf(call: OperatorCall, kernel?: readonly number[]): Windows {
  const [, , h = 1, w = 1] = call.shape(0);
  const size = pairOf(call, kernel ?? call.list("kernel_shape", []));
  const strides = pairOf(call, call.list("strides", [1, 1]));
  const dilations = pairOf(call, call.list("dilations", [1, 1]));
  return { kernel: size, strides, dilations, pads: padsOf(call, { kernel: size, strides, dilations }, [h, w]) };
}

function pairOf(call: OperatorCall, list: readonly number[]): readonly [number, number] {
  const [vertical, horizontal, ...more] = list;
  if (vertical === undefined || horizontal === undefined || more.length > 0) {
    throw call.refusal(`works on ${list.length} axes where an image has 2`);
  }
  return [vertical, horizontal];
}

/**
 * SAME pads for the dilated kernel, so that sizes shrink by the strides alone; an odd pixel goes to the end, or to the beginning
 * for SAME_LOWER. Source: ONNX `Conv`-11, auto_pad.
 */
function padsOf(
  call: OperatorCall,
  { kernel, strides, dilations }: Omit<Windows, "pads">,
  size: readonly [number, number],
): Windows["pads"] {
  const mode = call.text("auto_pad", "NOTSET");
  if (mode === "VALID") return [0, 0, 0, 0];
  if (mode === "NOTSET" || mode === "") {
    const [top = 0, left = 0, bottom = 0, right = 0] = call.list("pads", [0, 0, 0, 0]);
    return [top, left, bottom, right];
  }
  const around = ([0, 1] as const).map((axis) => {
    const covered = dilations[axis] * (kernel[axis] - 1) + 1;
    const total = Math.max(0, (Math.ceil(size[axis] / strides[axis]) - 1) * strides[axis] + covered - size[axis]);
    const less = Math.floor(total / 2);
    return mode === "SAME_LOWER" ? [total - less, less] : [less, total - less];
  });
  const [[top = 0, bottom = 0] = [], [left = 0, right = 0] = []] = around;
  return [top, left, bottom, right];
}

/** How many windows there are; with `ceilMode` a last one that the input does not fill counts, unless it lies in the padding. */
export function windowCount(size: number, axis: 0 | 1, windows: Windows, ceilMode: boolean): number {
  const { kernel, strides, dilations, pads } = windows;
  const room = size + pads[axis] + pads[axis + 2 === 2 ? 2 : 3] - dilations[axis] * (kernel[axis] - 1) - 1;
  if (room < 0)
    throw new AppError("graph.shapeMismatch", `A window of ${kernel[axis]} pixels is larger than ${size} pixels.`);
  const count = (ceilMode ? Math.ceil(room / strides[axis]) : Math.floor(room / strides[axis])) + 1;
  return ceilMode && (count - 1) * strides[axis] >= size + pads[axis] ? count - 1 : count;
}
