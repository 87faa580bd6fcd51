// What a result is measured against: the checkpoint unadapted, with its stored alpha and with the source's statistics alone.
import type { ImageMethodConfig } from "../../../../src-shared/contract/image-methods.ts";
import type { ReferenceKind } from "../../../../src-shared/contract/workbench/runs.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import type { ScoreBand } from "../../images/score-bands.ts";
import type { DeviceTensor } from "../../runtimes/runtime.ts";
import type { RunOptions } from "../shared/run-options.ts";
import type { SegmentationModel } from "../shared/segmentation-model.ts";
import { predictBands } from "../sliding-window/predict-in-windows.ts";
import { type SlidingWindow, slidingWindowOf } from "../sliding-window/window-grid.ts";
import { type FitBox, fitBoxOf, predictFitted } from "../test-pipeline/predict-fitted.ts";

/** As many as a float32 has: 0.1, and not 0.10000000149. */
const FLOAT32_DIGITS = 7;

type AlphaModel = Pick<SegmentationModel, "storedAlphas" | "alpha">;

/** Alpha of every normalisation layer of a reference, by key. */
function alphasOf({ storedAlphas }: AlphaModel, kind: ReferenceKind): ReadonlyMap<string, number> {
  return kind === "stored" ? storedAlphas : new Map([...storedAlphas].map(([key]) => [key, 0]));
}

/** The one alpha of a reference; null when its layers differ. */
export function referenceAlpha(model: AlphaModel, kind: ReferenceKind): number | null {
  const [first, ...others] = new Set(alphasOf(model, kind).values());
  return first === undefined || others.length > 0 ? null : Number(first.toPrecision(FLOAT32_DIGITS));
}

/** Whether a reference is what the model predicts unadapted anyway. */
export function isUnadapted(model: AlphaModel, kind: ReferenceKind): boolean {
  const { storedAlphas, alpha } = model;
  return [...alphasOf(model, kind)].every(
    ([key, own]) => own === (alpha === undefined ? storedAlphas.get(key) : Math.fround(alpha)),
  );
}

/** How the network gets to see an image. */
export interface Framing {
  readonly fit: FitBox | null;
  readonly window: SlidingWindow | null;
}

export function framingOf(config: ImageMethodConfig): Framing {
  return { fit: "fit" in config ? fitBoxOf(config) : null, window: slidingWindowOf(config) };
}

/** Logits of an evaluation pass over the image with the alphas of the reference, seen as the method sees it. */
export async function* predictReference(
  model: SegmentationModel,
  image: RgbImage,
  kind: ReferenceKind,
  { fit, window }: Framing,
  options: RunOptions,
): AsyncGenerator<ScoreBand, void, undefined> {
  const alphas = alphasOf(model, kind);
  const scalars = new Map<string, DeviceTensor>();
  for (const [key, alpha] of alphas) {
    scalars.set(key, model.runtime.upload(Float32Array.of(alpha), model.base.get(key)?.shape ?? [1]));
  }
  const given = { weights: new Map([...model.base, ...scalars]), alphas: [...alphas.values()] };
  try {
    if (fit === null) yield* predictBands(model, image, window, options, given);
    else yield* predictFitted(model, image, fit, window, options, given);
  } finally {
    for (const tensor of scalars.values()) tensor.dispose();
  }
}
