// What is known at one pixel, read from the planes that are here already: no question to the server.
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

export interface ProbedClass {
  readonly trainId: number;
  readonly name: string;
  /** Of Cityscapes; null where the pixel belongs to no class. */
  readonly labelId: number | null;
}

export interface ProbeReading {
  /** Column and row of the image, from 0. */
  readonly x: number;
  readonly y: number;
  readonly predicted: ProbedClass | null;
  /** The most probable classes first, up to three; empty where probabilities are not known. */
  readonly top: readonly (ProbedClass & { readonly probability: number })[];
  /** Divided by log(classes), 0..1. */
  readonly entropy: number | null;
  readonly truth: ProbedClass | null;
}

/** @returns null outside of the image */
export function probeAt(planes: ProbePlanes, size: Size, x: number, y: number, classes: LabelSet): ProbeReading | null {
  if (x < 0 || y < 0 || x >= size.width || y >= size.height) return null;
  const index = y * size.width + x;
  const label = planes.labels?.[index] ?? null;
  const truth = planes.truth?.[index] ?? null;
  const entropy = planes.entropy?.[index] ?? null;
  return {
    x,
    y,
    predicted: label === null ? null : probedClass(label, classes),
    top: topClasses(planes, index, classes),
    entropy: entropy === null ? null : entropy / 255,
    truth: truth === null ? null : probedClass(truth, classes),
  };
}

export function probedClass(trainId: number, { names, cityscapesIds }: LabelSet): ProbedClass {
  const name = names[trainId];
  if (trainId === IGNORE_LABEL || name === undefined) return { trainId, name: "ignored", labelId: null };
  return { trainId, name, labelId: cityscapesIds[trainId] ?? null };
}

function topClasses(planes: ProbePlanes, index: number, classes: LabelSet): ProbeReading["top"] {
  const first = planes.labels?.[index];
  const confidence = planes.confidence?.[index];
  if (first === undefined || confidence === undefined || first === IGNORE_LABEL) return [];
  const top = [{ ...probedClass(first, classes), probability: confidence / 255 }];
  for (const offset of [0, 2]) {
    const other = planes.candidates?.[index * 4 + offset];
    const share = planes.candidates?.[index * 4 + offset + 1];
    if (other === undefined || share === undefined) continue;
    top.push({ ...probedClass(other, classes), probability: share / 255 });
  }
  return top;
}
