// What is known at one pixel, read from the planes that are here already: no question to the server. Nothing is told of
// what is not drawn: a hidden class has no name, and a pixel less sure than the threshold no prediction.
import { IGNORE_LABEL } from "../../src-shared/labels/ignore-label.ts";
import type { LabelSet } from "../../src-shared/labels/label-sets.ts";
import type { Size } from "./viewport.ts";

/** Planes at the image's own size; null where one is not visible or not here yet. */
export interface ProbePlanes {
  readonly labels: Uint8Array | null;
  readonly confidence: Uint8Array | null;
  readonly entropy: Uint8Array | null;
  /** Four bytes a pixel: second class, 255·its probability, third class, 255·its probability. */
  readonly candidates: Uint8Array | null;
  readonly truth: Uint8Array | null;
}

export const NO_PLANES: ProbePlanes = { labels: null, confidence: null, entropy: null, candidates: null, truth: null };

/** What of the planes is drawn. */
export interface ProbeVisibility {
  readonly hiddenClasses: ReadonlySet<number>;
  /** Least confidence, 0..1, that a pixel needs to be painted; 0 where the picture paints all. */
  readonly threshold: number;
}

export interface ProbedClass {
  /** Null for a class that is hidden. */
  readonly trainId: number | null;
  readonly name: string;
  /** Of Cityscapes; null where the pixel belongs to no class. */
  readonly labelId: number | null;
}

export interface ProbeReading {
  /** Column and row of the image, from 0. */
  readonly x: number;
  readonly y: number;
  readonly predicted: ProbedClass | null;
  /** Less sure than the threshold: the prediction is not drawn, and not told. */
  readonly isUnsure: boolean;
  /** The most probable classes first, up to three; empty where probabilities are not known. */
  readonly top: readonly (ProbedClass & { readonly probability: number })[];
  /** Divided by log(classes), 0..1. */
  readonly entropy: number | null;
  readonly truth: ProbedClass | null;
}

/** @returns null outside of the image */
export function probeAt(
  planes: ProbePlanes,
  size: Size,
  { x, y }: { readonly x: number; readonly y: number },
  classes: LabelSet,
  { hiddenClasses, threshold }: ProbeVisibility,
): ProbeReading | null {
  if (x < 0 || y < 0 || x >= size.width || y >= size.height) return null;
  const index = y * size.width + x;
  const label = planes.labels?.[index] ?? null;
  const truth = planes.truth?.[index] ?? null;
  const entropy = planes.entropy?.[index] ?? null;
  const isUnsure = threshold > 0 && (planes.confidence?.[index] ?? 255) < Math.round(threshold * 255);
  const classOf = (trainId: number): ProbedClass => probedClass(trainId, classes, hiddenClasses);
  return {
    x,
    y,
    predicted: label === null || isUnsure ? null : classOf(label),
    isUnsure,
    top: isUnsure ? [] : topClasses(planes, index, classOf),
    entropy: entropy === null ? null : entropy / 255,
    truth: truth === null ? null : classOf(truth),
  };
}

function probedClass(trainId: number, { names, cityscapesIds }: LabelSet, hidden: ReadonlySet<number>): ProbedClass {
  if (hidden.has(trainId)) return { trainId: null, name: "hidden class", labelId: null };
  const name = names[trainId];
  if (trainId === IGNORE_LABEL || name === undefined) return { trainId, name: "ignored", labelId: null };
  return { trainId, name, labelId: cityscapesIds?.[trainId] ?? null };
}

function topClasses(
  planes: ProbePlanes,
  index: number,
  classOf: (trainId: number) => ProbedClass,
): ProbeReading["top"] {
  const first = planes.labels?.[index];
  const confidence = planes.confidence?.[index];
  if (first === undefined || confidence === undefined || first === IGNORE_LABEL) return [];
  const top = [{ ...classOf(first), probability: confidence / 255 }];
  for (const offset of [0, 2]) {
    const other = planes.candidates?.[index * 4 + offset];
    const share = planes.candidates?.[index * 4 + offset + 1];
    if (other === undefined || share === undefined) continue;
    top.push({ ...classOf(other), probability: share / 255 });
  }
  return top;
}
