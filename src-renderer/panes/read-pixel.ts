// One pixel of one prediction, from the planes that are here, as far as it is drawn.
import type { Display } from "../state/display.ts";
import { type ProbeReading, probeAt } from "../viewer/probe.ts";
import type { Size } from "../viewer/viewport.ts";
import type { ProbedPrediction, ProbedTruth } from "./probe-subjects.ts";

export interface PixelScene {
  readonly size: Size;
  readonly display: Pick<Display, "hiddenClasses" | "confidenceThreshold">;
  /** The plane at an address; null while it is not here. */
  readonly planeAt: (url: string | null) => Uint8Array | null;
}

/** What is known of it; both of the same classes. Null outside of the image, and where nothing is to be read. */
export function readPixel(
  prediction: ProbedPrediction | null,
  truth: ProbedTruth | null,
  at: { readonly x: number; readonly y: number },
  { size, display, planeAt }: PixelScene,
): ProbeReading | null {
  const modelClasses = (prediction ?? truth)?.modelClasses;
  if (modelClasses === undefined) return null;
  const planes = {
    labels: planeAt(prediction?.labels ?? null),
    confidence: planeAt(prediction?.confidence ?? null),
    entropy: planeAt(prediction?.entropy ?? null),
    candidates: planeAt(prediction?.candidates ?? null),
    truth: planeAt(truth?.labels ?? null),
  };
  return probeAt(planes, size, at, modelClasses, {
    hiddenClasses: display.hiddenClasses,
    threshold: prediction?.isThresholded === true ? display.confidenceThreshold : 0,
  });
}
