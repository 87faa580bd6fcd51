// What the probe may speak of: predictions and labels that some picture on the screen is drawn from, and nothing else.
import type { LabelSet } from "../../src-shared/labels/label-sets.ts";

/** A prediction by the addresses of its planes; null what is not kept of it. */
export interface ProbedPrediction {
  /** What the table of pinned pixels calls it. */
  readonly title: string;
  readonly labels: string;
  readonly modelClasses: LabelSet;
  readonly confidence: string | null;
  readonly entropy: string | null;
  readonly candidates: string | null;
  /** Whether pixels less sure than the threshold are left out of the picture. */
  readonly isThresholded: boolean;
}

/** A prediction of which only the classes are kept. */
export function labelsAlone(labels: string, named: Pick<ProbedPrediction, "title" | "modelClasses">): ProbedPrediction {
  return { ...named, labels, confidence: null, entropy: null, candidates: null, isThresholded: false };
}

/** Labels as train ids of so many classes. */
export type ProbedTruth = Pick<ProbedPrediction, "labels" | "modelClasses">;

/** What one picture on the screen is drawn from. */
export interface ProbedPicture {
  /** Of a difference the new one first, then the one it is counted from. */
  readonly predictions: readonly ProbedPrediction[];
  /** Where the picture tells of the labels. */
  readonly truth: ProbedTruth | null;
}

export const NOTHING_PROBED: ProbedPicture = { predictions: [], truth: null };

/** What is told of a pixel in one picture. */
export interface ProbeSubject {
  readonly prediction: ProbedPrediction | null;
  /** What the picture's difference is counted from. */
  readonly others: readonly ProbedPrediction[];
  readonly truth: ProbedTruth | null;
}

/**
 * A picture speaks of what it is drawn from, and of the truth where any picture shows it. Only one that tells nothing, the
 * photograph, speaks of a prediction that is visible beside it.
 */
export function probeSubject(own: ProbedPicture, visible: readonly ProbedPicture[]): ProbeSubject {
  const isSilent = own.predictions.length === 0 && own.truth === null;
  const [prediction = null, ...others] = isSilent ? predictionsIn(visible).slice(0, 1) : own.predictions;
  const truth = own.truth ?? truthIn(visible);
  // Labels of other classes say nothing of this prediction.
  const isOfSameClasses = prediction === null || truth?.modelClasses === prediction.modelClasses;
  return { prediction, others, truth: isOfSameClasses ? truth : null };
}

/** Every prediction on the screen once, in the order of the pictures. */
export function predictionsIn(visible: readonly ProbedPicture[]): readonly ProbedPrediction[] {
  const all = visible.flatMap(({ predictions }) => predictions);
  return all.filter(({ labels }, index) => all.findIndex((other) => other.labels === labels) === index);
}

export function truthIn(visible: readonly ProbedPicture[]): ProbedTruth | null {
  return visible.find(({ truth }) => truth !== null)?.truth ?? null;
}

/** All that has to be fetched for the card of one picture. */
export function subjectUrls({ prediction, others, truth }: ProbeSubject): readonly string[] {
  const own =
    prediction === null ? [] : [prediction.labels, prediction.confidence, prediction.entropy, prediction.candidates];
  return [...own, ...others.map(({ labels }) => labels), truth?.labels ?? null].filter((url) => url !== null);
}
