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

  const fail = async (item: Item, { code, message }: AppError): Promise<void> => {
    const { key } = item;
    done += 1;
    await options.record({ key, code, message }, null, item);
    onEvent({ type: "imageFailed", key, done, images, message });
  };
  const finish = async ({ item, loaded, scores, milliseconds }: Computed<Item>): Promise<void> => {
    const scored = attempt(() => scoreImage(item.key, loaded, scores, options.numClasses, milliseconds));
    if ("error" in scored) return fail(item, scored.error);
    const { record, prediction, miou } = scored.value;
    done += 1;
    await options.record(record, prediction, item);
    onEvent({ type: "imageEvaluated", key: item.key, done, images, miou });
  };

  for (const [index, item] of items.entries()) {
    stopIfCancelled(signal);
    onEvent({ type: "imageStarted", key: item.key, index, images });
    const loaded = await outcome(ahead ?? begin(options, item));
    ahead = null;
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
    // Lets the engine begin; all else is done beside it.
    await new Promise((resolve) => setImmediate(resolve));
    const following = items[index + 1];
    if (following !== undefined) ahead = begin(options, following);
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

type Outcome<Value> = { readonly value: Value } | { readonly error: AppError };

function begin<Item extends { readonly key: string }>(
  options: EvaluateOptions<Item>,
  item: Item,
): Promise<LoadedImage> {
  const loading = options.load(item);
  // Heard when its turn comes; until then a failure is no unhandled one.
  loading.catch(() => undefined);
  return loading;
}

async function outcome<Value>(promise: Promise<Value>): Promise<Outcome<Value>> {
  return promise.then((value) => ({ value }), expected);
}

function attempt<Value>(compute: () => Value): Outcome<Value> {
  try {
    return { value: compute() };
  } catch (error) {
    return expected(error);
  }
}

/** An expected failure as a value; anything else, a cancellation too, goes on up. */
function expected(error: unknown): { readonly error: AppError } {
  if (error instanceof AppError) return { error };
  throw error;
}
