// Resize and Upsample: along each axis a matrix, in every form that the operator sets have had.
import { at } from "../../../graph/node.ts";
import { constant } from "../../../graph/ops/constant.ts";
import { expand } from "../../../graph/ops/expand.ts";
import { matMul } from "../../../graph/ops/mat-mul.ts";
import { reshape } from "../../../graph/ops/reshape.ts";
import { resizeBilinear } from "../../../graph/ops/resize-bilinear.ts";
import type { Node } from "../../../graph/types.ts";
import type { Operator, OperatorCall } from "../operator-call.ts";
import { selectAlong } from "../select.ts";
import { live } from "../value.ts";

/** One axis: its sizes before and after, and the factor that places are computed by. */
interface Line {
  readonly before: number;
  readonly after: number;
  readonly scale: number;
}

interface Manner {
  readonly mode: string;
  readonly coordinates: string;
  readonly nearest: string;
  readonly cubic: number;
  readonly excludesOutside: boolean;
}

const resize: Operator = (call) => {
  if (call.text("keep_aspect_ratio_policy", "stretch") !== "stretch") throw call.refusal("keeps the aspect ratio");
  const lines = linesOf(call);
  const shrinks = lines.some(({ before, after }) => after < before);
  if (call.number("antialias", 0) === 1 && shrinks) throw call.refusal("shrinks with antialiasing");
  const manner = {
    mode: call.text("mode", "nearest"),
    // Operator set 10 knows no other. Source: ONNX `Resize`-10.
    coordinates: call.opset < 11 ? "asymmetric" : call.text("coordinate_transformation_mode", "half_pixel"),
    nearest: call.opset < 11 ? "floor" : call.text("nearest_mode", "round_prefer_floor"),
    cubic: call.number("cubic_coeff_a", -0.75),
    excludesOutside: call.number("exclude_outside", 0) === 1,
  };
  return [live(resized(call, call.live(0), lines, manner))];
};

/** Sizes, or factors, of all axes, or of those that `axes` names. */
function linesOf(call: OperatorCall): Line[] {
  const from = call.shape(0);
  // Operator set 10 has no region of interest between the image and its factors.
  const isOld = call.opset < 11 || call.node.op === "Upsample";
  const axes = (call.list("axes", undefined) ?? [...from.keys()]).map((axis) => call.axis(axis, from.length));
  const factors = isOld ? call.numbersAt(1, "scales") : call.numbersAt(2, "scales");
  const sizes = isOld ? undefined : call.numbersAt(3, "sizes");
  const isBySize = sizes !== undefined && sizes.length > 0;
  if (!isBySize && (factors ?? []).length !== axes.length) throw call.refusal("says neither a size nor a factor");
  return from.map((before, axis): Line => {
    const k = axes.indexOf(axis);
    if (k < 0) return { before, after: before, scale: 1 };
    if (isBySize) return { before, after: sizes[k] ?? before, scale: (sizes[k] ?? before) / before };
    const scale = factors?.[k] ?? 1;
    return { before, after: Math.floor(before * scale), scale };
  });
}

function resized(call: OperatorCall, x: Node, lines: readonly Line[], manner: Manner): Node {
  const isSame = ({ before, after, scale }: Line): boolean => before === after && scale === 1;
  if (lines.slice(1).every(isSame)) return x;
  const [, channels, rows, columns, ...more] = lines;
  // The number of images is not looked at: files that were exported for one say so here, and take any.
  if (!channels || !rows || !columns || more.length > 0 || !isSame(channels)) {
    throw call.refusal("resizes other axes than those of the pixels");
  }
  const isExact = [rows, columns].every(({ before, after, scale }) => after === before * scale);
  const corners = manner.coordinates === "align_corners";
  if (
    manner.mode === "linear" &&
    (corners || (isExact && HALF_PIXELS.has(manner.coordinates) && rows.after > 1 && columns.after > 1))
  ) {
    return resizeBilinear(x, [rows.after, columns.after], corners);
  }
  if (manner.mode === "nearest") return nearest(call, x, [rows, columns], manner);
  const matrix = (line: Line): Node => constant(interpolation(call, line, manner), [line.after, line.before]);
  return matMul(matrix(rows), matMul(x, matrix(columns), false, true));
}

const HALF_PIXELS: ReadonlySet<string> = new Set(["half_pixel", "pytorch_half_pixel"]);

function nearest(call: OperatorCall, x: Node, [rows, columns]: readonly [Line, Line], manner: Manner): Node {
  const [down, across] = [nearestPlaces(call, rows, manner), nearestPlaces(call, columns, manner)];
  const [byRow, byColumn] = [repeats(down, rows.before), repeats(across, columns.before)];
  if (byRow === null || byColumn === null) return selectAlong(selectAlong(x, 3, across), 2, down);
  const [n, c, h, w] = [at(x.shape, 0), at(x.shape, 1), at(x.shape, 2), at(x.shape, 3)];
  const apart = expand(reshape(x, [n, c, h, 1, w, 1]), [n, c, h, byRow, w, byColumn]);
  return reshape(apart, [n, c, h * byRow, w * byColumn]);
}

/** How often each sample comes, where that is the same for all; null otherwise. */
function repeats(places: readonly number[], size: number): number | null {
  const times = places.length / size;
  return Number.isInteger(times) && places.every((place, k) => place === Math.floor(k / times)) ? times : null;
}

function nearestPlaces(call: OperatorCall, line: Line, { coordinates, nearest: rule }: Manner): number[] {
  return Array.from({ length: line.after }, (_, k) => {
    const place = rounded(call, rule, placeOf(call, coordinates, k, line));
    return Math.min(Math.max(place, 0), line.before - 1);
  });
}

function rounded(call: OperatorCall, rule: string, place: number): number {
  const below = Math.floor(place);
  if (rule === "floor") return below;
  if (rule === "ceil") return Math.ceil(place);
  const isHalf = place - below === 0.5;
  if (rule === "round_prefer_floor") return isHalf ? below : Math.round(place);
  if (rule === "round_prefer_ceil") return isHalf ? below + 1 : Math.round(place);
  throw call.refusal(`rounds by "${rule}"`);
}

/** Where the k-th sample of the result lies among those before. Source: ONNX `Resize`-19, coordinate_transformation_mode. */
function placeOf(call: OperatorCall, coordinates: string, k: number, { before, after, scale }: Line): number {
  if (coordinates === "half_pixel") return (k + 0.5) / scale - 0.5;
  if (coordinates === "pytorch_half_pixel") return after > 1 ? (k + 0.5) / scale - 0.5 : 0;
  if (coordinates === "align_corners") return after > 1 ? (k * (before - 1)) / (after - 1) : 0;
  if (coordinates === "asymmetric") return k / scale;
  if (coordinates === "tf_half_pixel_for_nn") return (k + 0.5) / scale;
  if (coordinates !== "half_pixel_symmetric") throw call.refusal(`places its samples by "${coordinates}"`);
  const adjusted = after / (scale * before);
  return (before / 2) * (1 - adjusted) + (k + 0.5) / scale - 0.5;
}

function interpolation(call: OperatorCall, line: Line, manner: Manner): Float32Array {
  const { before, after } = line;
  const matrix = new Float32Array(after * before);
  for (let row = 0; row < after; row += 1) {
    const place = placeOf(call, manner.coordinates, row, line);
    const taps = manner.mode === "cubic" ? cubicTaps(place, manner.cubic) : linearTaps(place, before);
    const isInside = ([at_]: readonly [number, number]): boolean => at_ >= 0 && at_ < before;
    const counted = manner.excludesOutside ? taps.filter(isInside) : taps;
    const total = counted.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [tap, weight] of counted) {
      const column = row * before + Math.min(Math.max(tap, 0), before - 1);
      matrix[column] = (matrix[column] ?? 0) + (manner.excludesOutside ? weight / total : weight);
    }
  }
  return matrix;
}

type Tap = readonly [place: number, weight: number];

function linearTaps(place: number, size: number): Tap[] {
  const inside = Math.min(Math.max(place, 0), size - 1);
  const below = Math.floor(inside);
  return [
    [below, 1 - (inside - below)],
    [below + 1, inside - below],
  ];
}

/** Source: Keys, "Cubic convolution interpolation for digital image processing", equation 4, with a as the node says. */
function cubicTaps(place: number, a: number): Tap[] {
  const below = Math.floor(place);
  const weight = (distance: number): number => {
    const d = Math.abs(distance);
    if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
    return d < 2 ? a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a : 0;
  };
  return [-1, 0, 1, 2].map((step): Tap => [below + step, weight(place - below - step)]);
}

export const RESIZES: Readonly<Record<string, Operator>> = { Resize: resize, Upsample: (call) => resizeOld(call) };

/** Places lie as in operator set 10: at k / scale. Source: ONNX `Upsample`-9. */
function resizeOld(call: OperatorCall): ReturnType<Operator> {
  const manner = {
    mode: call.text("mode", "nearest"),
    coordinates: "asymmetric",
    nearest: "floor",
    cubic: 0,
    excludesOutside: false,
  };
  return [live(resized(call, call.live(0), linesOf(call), manner))];
}
