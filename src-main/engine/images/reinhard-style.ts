// A picture with another's colour statistics: Reinhard's colour transfer. Source: spec of CISS, "3.2 Reinhard colour transfer".
import { AppError } from "../../../src-shared/contract/errors.ts";
import { checkFloatPicture, type FloatPicture } from "./float-picture.ts";

type Three = readonly [number, number, number];
type Matrix = readonly [Three, Three, Three];

const LMS_FROM_RGB: Matrix = [
  [0.3811, 0.5783, 0.0402],
  [0.1967, 0.7244, 0.0782],
  [0.0241, 0.1288, 0.8444],
];
const LAB_FROM_LOG_LMS: Matrix = [
  [1 / Math.sqrt(3), 1 / Math.sqrt(3), 1 / Math.sqrt(3)],
  [1 / Math.sqrt(6), 1 / Math.sqrt(6), -2 / Math.sqrt(6)],
  [1 / Math.sqrt(2), -1 / Math.sqrt(2), 0],
];
const RGB_FROM_LMS = inverseOf(LMS_FROM_RGB);
const LOG_LMS_FROM_LAB = inverseOf(LAB_FROM_LOG_LMS);
/** Stands for 0, which has no logarithm. */
const NOTHING = 2 ** -52;
/** A deviation below it is rounding: the channel has none. */
const NO_DEVIATION = 1e-9;

/**
 * The content with mean and deviation of each of the other's channels of lαβ, clipped to 0..255 and unrounded, in float64. As in the original
 * program blue is taken for red and red for blue, in both pictures. Sizes may differ.
 *
 * @throws AppError `image.format` for a content that is grey or of one colour: deviations of 0 can't be scaled
 */
export function reinhardStyled(content: FloatPicture, style: FloatPicture): FloatPicture {
  checkFloatPicture(content);
  checkFloatPicture(style);
  requireColours(content);
  const lab = labOf(content.data);
  const own = statisticsOf(lab);
  const wanted = statisticsOf(labOf(style.data));
  if (own.deviation.some((deviation) => deviation < NO_DEVIATION)) throw uncoloured();
  for (let i = 0; i < lab.length; i += 3) {
    for (let c = 0; c < 3; c += 1) {
      const scale = (wanted.deviation[c] as number) / (own.deviation[c] as number);
      lab[i + c] = ((lab[i + c] as number) - (own.mean[c] as number)) * scale + (wanted.mean[c] as number);
    }
  }
  return { width: content.width, height: content.height, data: rgbInPlace(lab) };
}

/** @returns float64 [H · W, 3] */
function labOf(rgb: FloatPicture["data"]): Float64Array {
  const lab = new Float64Array(rgb.length);
  for (let i = 0; i < rgb.length; i += 3) {
    const lms = product(LMS_FROM_RGB, [rgb[i + 2] as number, rgb[i + 1] as number, rgb[i] as number]);
    const logs = [logOf(lms[0]), logOf(lms[1]), logOf(lms[2])] as const;
    [lab[i], lab[i + 1], lab[i + 2]] = product(LAB_FROM_LOG_LMS, logs);
  }
  return lab;
}

function rgbInPlace(lab: Float64Array): Float64Array {
  for (let i = 0; i < lab.length; i += 3) {
    const logs = product(LOG_LMS_FROM_LAB, [lab[i] as number, lab[i + 1] as number, lab[i + 2] as number]);
    const lms = [expOf(logs[0]), expOf(logs[1]), expOf(logs[2])] as const;
    const [third, second, first] = product(RGB_FROM_LMS, lms);
    [lab[i], lab[i + 1], lab[i + 2]] = [clipped(first), clipped(second), clipped(third)];
  }
  return lab;
}

function statisticsOf(lab: Float64Array): Readonly<Record<"mean" | "deviation", number[]>> {
  const count = lab.length / 3;
  const [mean, squares] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let i = 0; i < lab.length; i += 1) mean[i % 3] = (mean[i % 3] as number) + (lab[i] as number) / count;
  for (let i = 0; i < lab.length; i += 1) {
    const off = (lab[i] as number) - (mean[i % 3] as number);
    squares[i % 3] = (squares[i % 3] as number) + off * off;
  }
  return { mean, deviation: squares.map((sum) => Math.sqrt(sum / count)) };
}

function requireColours({ data }: FloatPicture): void {
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return;
  }
  throw uncoloured();
}

function uncoloured(): AppError {
  return new AppError(
    "image.format",
    "The image is grey or of one colour, and a colour transfer scales the deviation of colours, which is 0 here; choose another image.",
  );
}

function logOf(value: number): number {
  return Math.log(value === 0 ? NOTHING : value);
}

function expOf(value: number): number {
  const power = Math.exp(value);
  return power === NOTHING ? 0 : power;
}

function clipped(value: number): number {
  return Math.min(Math.max(value, 0), 255);
}

function product([a, b, c]: Matrix, [x, y, z]: Three): Three {
  return [a[0] * x + a[1] * y + a[2] * z, b[0] * x + b[1] * y + b[2] * z, c[0] * x + c[1] * y + c[2] * z];
}

/** By cofactors. */
function inverseOf([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const over = (value: number) => value / determinant;
  return [
    [over(e * i - f * h), over(c * h - b * i), over(b * f - c * e)],
    [over(f * g - d * i), over(a * i - c * g), over(c * d - a * f)],
    [over(d * h - e * g), over(b * g - a * h), over(a * e - b * d)],
  ];
}
