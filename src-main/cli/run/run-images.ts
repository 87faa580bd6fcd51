// Runs a method over images, one after the other; a bad image does not stop the others.
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import type { ImageResult, RunResults, Summary } from "../../../src-shared/contract/results.ts";
import type { RunListener } from "../../../src-shared/contract/run-events.ts";
import { type Comparison, pooled, scoresOf } from "./evaluation.ts";
import { type ImageJob, processImage } from "./process-image.ts";

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

/** Everything about a job that is the same for all images. */
export type RunSetup = Omit<ImageJob, "input" | "imageCount" | "onEvent">;

export async function runImages(
  inputs: readonly ImageJob["input"][],
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
  for (const input of inputs) {
    cancelled = setup.signal.aborted;
    if (cancelled) break;
    observer.imageStarted(input.name);
    try {
      const job = {
        ...setup,
        input,
        imageCount: inputs.length,
        onEvent: (event) => observer.hear(event),
      } satisfies ImageJob;
      const { result, comparison } = await processImage(job);
      images.push(result);
      comparisons.push(comparison);
      observer.imageFinished(result);
    } catch (error) {
      cancelled = error instanceof CancelledError;
      if (!isOfThisImage(error)) {
        fatal = cancelled ? undefined : error;
        break;
      }
      firstFailure ??= error;
      failures.push({ path: input.path, code: error.code, message: error.message });
      observer.imageFailed(error);
    }
  }
  const totalMs = performance.now() - started;
  const summary = summaryOf(images, comparisons, failures.length, cancelled, totalMs);
  return { images, failures, firstFailure, summary, fatal };
}

/** The next image will find the same full disk, but not the same damaged file. */
function isOfThisImage(error: unknown): error is AppError {
  return error instanceof AppError && !error.code.startsWith("output.");
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
