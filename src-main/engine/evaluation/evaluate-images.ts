// Runs one method over many images: reads the next image and scores the last one while the engine computes.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { EvaluatedImage, EvaluationEvent, FailedImage } from "../../../src-shared/contract/evaluation.ts";
import type { LabelMap, RgbImage } from "../images/rgb-image.ts";
import { stopIfCancelled } from "../methods/shared/cancellation.ts";
import { type LoadedImage, type MethodScores, scoreImage } from "./score-image.ts";

export interface EvaluateOptions<Item extends { readonly key: string }> {
  readonly items: readonly Item[];
  readonly numClasses: number;
  /** @throws AppError about this image: it is recorded as failed, and the next one follows */
  load(item: Item): Promise<LoadedImage>;
  run(image: RgbImage, item: Item, signal: AbortSignal): Promise<MethodScores>;
  /** Called in the order of the items; the next image begins after it. */
  record(record: EvaluatedImage | FailedImage, labels: LabelMap | null, item: Item): Promise<void>;
  onEvent(event: EvaluationEvent): void;
  readonly signal: AbortSignal;
}

interface Computed<Item> {
  readonly item: Item;
  readonly loaded: LoadedImage;
  readonly scores: MethodScores;
  readonly milliseconds: number;
}

/** Milliseconds in which the engine had nothing to do between two images, and in which it computed. */
export interface EngineTimes {
  readonly idleMs: number;
  readonly busyMs: number;
}

/**
 * While an image is computed, the next one is decoded, and the one before is scored and recorded. At most three images are
 * held at a time.
 *
 * @throws CancelledError between two steps of the engine; everything recorded so far stays
 */
export async function evaluateImages<Item extends { readonly key: string }>(
  options: EvaluateOptions<Item>,
): Promise<EngineTimes> {
  const { items, signal, onEvent } = options;
  const images = items.length;
  let done = 0;
  let idleMs = 0;
  let busyMs = 0;
  let idleSince: number | null = null;
  let previous: Computed<Item> | null = null;
  let ahead: Promise<LoadedImage> | null = null;

  const fail = async (item: Item, error: unknown): Promise<void> => {
    const failure = failureOf(item.key, error);
    done += 1;
    await options.record(failure, null, item);
    onEvent({ type: "imageFailed", key: item.key, done, images, message: failure.message });
  };
  const finish = async ({ item, loaded, scores, milliseconds }: Computed<Item>): Promise<void> => {
    const { record, prediction, miou } = scoreImage(item.key, loaded, scores, options.numClasses, milliseconds);
    done += 1;
    await options.record(record, prediction, item);
    onEvent({ type: "imageEvaluated", key: item.key, done, images, miou });
  };

  for (const [index, item] of items.entries()) {
    stopIfCancelled(signal);
    onEvent({ type: "imageStarted", key: item.key, index, images });
    const loading: Promise<LoadedImage> = ahead ?? begin(options, item);
    const following = items[index + 1];
    ahead = following === undefined ? null : begin(options, following);
    const loaded = await outcome(loading);
    if ("error" in loaded) {
      await fail(item, loaded.error);
      continue;
    }
    const started = performance.now();
    if (idleSince !== null) idleMs += started - idleSince;
    let ended = started;
    const running = outcome(options.run(loaded.value.image, item, signal)).finally(() => {
      ended = performance.now();
    });
    // Lets the engine begin; the score of the image before is computed beside it.
    await new Promise((resolve) => setImmediate(resolve));
    if (previous !== null) await finish(previous);
    previous = null;
    const scores = await running;
    idleSince = ended;
    busyMs += ended - started;
    if ("error" in scores) await fail(item, scores.error);
    else previous = { item, loaded: loaded.value, scores: scores.value, milliseconds: ended - started };
  }
  if (previous !== null) await finish(previous);
  return { idleMs, busyMs };
}

type Outcome<Value> = { readonly value: Value } | { readonly error: unknown };

function begin<Item extends { readonly key: string }>(
  options: EvaluateOptions<Item>,
  item: Item,
): Promise<LoadedImage> {
  const loading = options.load(item);
  // Heard when its turn comes; until then a failure is no unhandled one.
  loading.catch(() => undefined);
  return loading;
}

/** An expected failure as a value; anything else, a cancellation too, goes on up. */
async function outcome<Value>(promise: Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { value: await promise };
  } catch (error) {
    if (error instanceof AppError) return { error };
    throw error;
  }
}

function failureOf(key: string, error: unknown): FailedImage {
  if (!(error instanceof AppError)) throw error;
  return { key, code: error.code, message: error.message };
}
