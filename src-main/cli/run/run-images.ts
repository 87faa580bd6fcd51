// Runs a method over images through the engine; a bad image does not stop the others.
import { type AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import type { ImageResult, RunResults, Summary } from "../../../src-shared/contract/results.ts";
import type { RunListener } from "../../../src-shared/contract/run-events.ts";
import { overImages } from "../../engine/evaluation/over-images.ts";
import { ImageSeries } from "../../engine/methods/image-series.ts";
import type { RunInput } from "../inputs/run-input.ts";
import { type Comparison, pooled, scoresOf } from "./evaluation.ts";
import {
  type EncodedImage,
  encodeImage,
  type LoadedInput,
  loadInput,
  type PredictedImage,
  predictImage,
  type RunSetup,
  writeImage,
} from "./process-image.ts";

export interface RunObserver {
  imageStarted(name: string): void;
  hear: RunListener;
  imageFinished(result: ImageResult): void;
  imageFailed(error: AppError): void;
}

export interface ImagesOutcome {
  readonly images: readonly ImageResult[];
  readonly failures: RunResults["failures"];
  /** The first of the failures, as it was thrown. */
  readonly firstFailure: AppError | undefined;
  readonly summary: Summary;
  /** What ended the run before its last image, if anything did: an output that can't be written, or a bug. */
  readonly fatal: unknown;
}

/** Read while the one before is computed, and written before the next one begins: scores of many would fill the memory. */
const AHEAD = 1;
const BEHIND = 0;

export async function runImages(
  inputs: readonly RunInput[],
  setup: RunSetup,
  observer: RunObserver,
): Promise<ImagesOutcome> {
  const started = performance.now();
  const images: ImageResult[] = [];
  const comparisons: Comparison[] = [];
  const failures: RunResults["failures"] = [];
  let firstFailure: AppError | undefined;
  let cancelled = false;
  let fatal: unknown;
  const series = new ImageSeries(setup.model, setup.method.config);
  try {
    await overImages<RunInput, LoadedInput, PredictedImage, EncodedImage>({
      items: inputs,
      ahead: AHEAD,
      behind: BEHIND,
      signal: setup.signal,
      onStarted: ({ name }) => observer.imageStarted(name),
      load: (input) => loadInput(input, setup),
      run: (loaded, input) => predictImage(input, loaded, setup, series, (event) => observer.hear(event)),
      finish: (predicted, loaded, input) => encodeImage(input, loaded, predicted, setup, inputs.length),
      record: async (outcome, input) => {
        if ("error" in outcome) {
          const { error } = outcome;
          firstFailure ??= error;
          failures.push({ path: input.path, code: error.code, message: error.message });
          observer.imageFailed(error);
          return;
        }
        const result = await writeImage(input, outcome.value);
        images.push(result);
        comparisons.push(outcome.value.comparison);
        observer.imageFinished(result);
      },
    });
  } catch (error) {
    cancelled = error instanceof CancelledError;
    fatal = cancelled ? undefined : error;
  }
  const totalMs = performance.now() - started;
  const summary = summaryOf(images, comparisons, failures.length, cancelled, totalMs);
  return { images, failures, firstFailure, summary, fatal };
}

function summaryOf(
  images: readonly ImageResult[],
  comparisons: readonly Comparison[],
  failed: number,
  cancelled: boolean,
  milliseconds: number,
): Summary {
  const pool = (indices: readonly number[]) => {
    const of = indices.map((index) => comparisons[index]);
    return {
      images: indices.length,
      labelled: of.filter((comparison) => comparison?.after != null).length,
      source: scoresOf(pooled(of.map((comparison) => comparison?.source ?? null))),
      before: scoresOf(pooled(of.map((comparison) => comparison?.before ?? null))),
      unadapted: scoresOf(pooled(of.map((comparison) => comparison?.unadapted ?? null))),
      after: scoresOf(pooled(of.map((comparison) => comparison?.after ?? null))),
    };
  };
  const all = [...images.keys()];
  const domains = Object.groupBy(
    all.filter((index) => images[index]?.domain !== undefined),
    (index) => images[index]?.domain ?? "",
  );
  return {
    ...pool(all),
    failed,
    cancelled,
    domains: Object.fromEntries(Object.entries(domains).map(([domain, indices]) => [domain, pool(indices ?? [])])),
    milliseconds,
  };
}
