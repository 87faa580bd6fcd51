// What tells two runs apart: parameters, scores, and where they were made.

import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import { labelSetFor } from "../../../src-shared/labels/label-sets.ts";
import { formatDuration, formatShare, formatSize } from "../../components/format.ts";
import { durationOf, gainOf, METHOD_TITLES, miouFrom } from "../../state/run-words.ts";
import { cellText } from "./run-columns.ts";
import { parameterRows } from "./run-parameters.ts";

export interface DifferenceRow {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  /** Of b over a, in shares; null where there is none to tell. */
  readonly gain: number | null;
}

export interface RunDifferences {
  /** Only those that differ. */
  readonly parameters: readonly DifferenceRow[];
  readonly scores: readonly DifferenceRow[];
  /** IoU of the last kept iterations, the greatest difference first. */
  readonly classes: readonly DifferenceRow[];
  /** Only what differs: image, checkpoint, program, machine. */
  readonly environment: readonly DifferenceRow[];
}

export function runDifferences(a: Run, b: Run): RunDifferences {
  return { parameters: parameters(a, b), scores: scores(a, b), classes: classes(a, b), environment: environment(a, b) };
}

const NONE = "–";

function row(name: string, a: string, b: string, gain: number | null = null): DifferenceRow {
  return { name, a, b, gain };
}

function parameters(a: Run, b: Run): DifferenceRow[] {
  const [ofA, ofB] = [parameterRows(a.config), parameterRows(b.config)];
  const names = new Map([...ofA, ...ofB].map(({ key, name }) => [key, name]));
  const rows = [...names].map(([key, name]) => {
    const value = (list: typeof ofA) => list.find((one) => one.key === key)?.value ?? NONE;
    return row(name, value(ofA), value(ofB));
  });
  const method = row("Method", METHOD_TITLES[a.method], METHOD_TITLES[b.method]);
  return [method, ...rows].filter((one) => one.a !== one.b);
}

function scores(a: Run, b: Run): DifferenceRow[] {
  const [lastA, lastB] = [a.kept.at(-1), b.kept.at(-1)];
  const shares = (name: string, one: number | null | undefined, other: number | null | undefined) =>
    row(name, formatShare(one), formatShare(other), one == null || other == null ? null : other - one);
  const rows = [
    shares("Mean IoU", a.miouAfter, b.miouAfter),
    shares("Mean IoU before", miouFrom(a), miouFrom(b)),
    row("Gain", cellText("gain", gainOf(a)), cellText("gain", gainOf(b))),
    // More entropy is not worse by itself: no sign of good or bad.
    row("Entropy", formatShare(lastA?.meanEntropy), formatShare(lastB?.meanEntropy)),
    row("Confidence", formatShare(lastA?.meanConfidence), formatShare(lastB?.meanConfidence)),
    row("Windows agree", formatShare(lastA?.figures?.overlapAgreement), formatShare(lastB?.figures?.overlapAgreement)),
    row("Loss", cellText("loss", a.lastLoss), cellText("loss", b.lastLoss)),
    row("Time", durationText(a), durationText(b)),
  ];
  return rows.filter((one) => one.a !== NONE || one.b !== NONE);
}

function durationText(run: Run): string {
  const duration = durationOf(run);
  return duration === null ? NONE : formatDuration(duration);
}

/** What rounds to the same reads the same. */
const LEAST_DIFFERENCE = 0.0005;

function classes(a: Run, b: Run): DifferenceRow[] {
  if (labelSetOf(a.checkpoint) !== labelSetOf(b.checkpoint)) return [];
  const [iouA, iouB] = [a.kept.at(-1)?.scores?.iou ?? [], b.kept.at(-1)?.scores?.iou ?? []];
  if (iouA.length === 0 || iouB.length === 0) return [];
  return labelSetFor(labelSetOf(a.checkpoint))
    .names.map((name, trainId) => {
      const [one, other] = [iouA[trainId] ?? null, iouB[trainId] ?? null];
      return row(name, formatShare(one), formatShare(other), one === null || other === null ? null : other - one);
    })
    .filter(({ gain }) => gain !== null && Math.abs(gain) >= LEAST_DIFFERENCE)
    .sort((one, other) => Math.abs(other.gain ?? 0) - Math.abs(one.gain ?? 0));
}

function environment(a: Run, b: Run): DifferenceRow[] {
  const of = (run: Run): readonly (readonly [string, string])[] => {
    const made = run.provenance;
    const hash = (sha: string | undefined) => (sha === undefined ? NONE : `${sha.slice(0, 12)}…`);
    return [
      ["Image", run.image.key],
      ["Image SHA-256", hash(made?.imageSha256)],
      ["Size", run.size === null ? NONE : formatSize(run.size)],
      ["Checkpoint", run.checkpoint.name],
      ["Checkpoint SHA-256", hash(made?.checkpointSha256)],
      ["Acclimate", made?.acclimate ?? NONE],
      ["Runtime", made === null ? run.machine.runtime : `${made.runtime}, ${made.provider}`],
      ["Threads", made === null ? String(run.machine.threads ?? NONE) : String(made.threads)],
      ["Machine", made?.machine ?? NONE],
    ];
  };
  const ofB = new Map(of(b));
  return of(a).flatMap(([name, one]) => {
    const other = ofB.get(name) ?? NONE;
    return one === other ? [] : [row(name, one, other)];
  });
}
