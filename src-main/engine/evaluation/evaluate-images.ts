// Runs one method over many images: reads the next ones and scores the last ones while the engine computes.
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import { AppError, BugError } from "../../../src-shared/contract/errors.ts";
import type { EvaluatedImage, EvaluationEvent, FailedImage } from "../../../src-shared/contract/evaluation.ts";
import type { LabelMap, RgbImage } from "../images/rgb-image.ts";
import { stopIfCancelled } from "../methods/shared/cancellation.ts";
import type { LoadedImage, MethodScores, ScoredImage, ScoringRequest } from "./score-image.ts";

export type EvaluatedItem = Pick<DatasetItem, "key" | "domain">;

export interface EvaluateOptions<Item extends EvaluatedItem> {
  readonly items: readonly Item[];
  readonly numClasses: number;
  /** @throws AppError about this image: it is recorded as failed, and the next one follows */
  load(item: Item): Promise<LoadedImage>;
  run(image: RgbImage, item: Item, signal: AbortSignal): Promise<MethodScores>;
  /** @throws AppError about this image: it is recorded as failed */
  score(request: ScoringRequest): Promise<ScoredImage>;
  /** Called in the order of the items, one after another. */
  record(record: EvaluatedImage | FailedImage, labels: LabelMap | null, item: Item): Promise<void>;
  onEvent(event: EvaluationEvent): void;
  readonly signal: AbortSignal;
}

/** Milliseconds in which the engine had nothing to do between two images, and in which it computed. */
export interface EngineTimes {
  readonly idleMs: number;
  readonly busyMs: number;
}

/** Images that are read ahead, and that may still be scored and recorded when another run begins. */
const AHEAD = 2;
const BEHIND = 2;

/**
 * While an image is computed, the next ones are decoded, and those before are scored and recorded: a few images are held at
 * a time, however many there are.
 *
 * @throws CancelledError between two steps of the engine; everything computed so far is recorded
 */
export async function evaluateImages<Item extends EvaluatedItem>(options: EvaluateOptions<Item>): Promise<EngineTimes> {
  const { items, numClasses, signal, onEvent } = options;
  const images = items.length;
  const read = readInOrder(options);
  const recording = recordInOrder(options);
  let idleMs = 0;
  let busyMs = 0;
  let idleSince: number | null = null;
  try {
    for (const [index, item] of items.entries()) {
      stopIfCancelled(signal);
      onEvent({ type: "imageStarted", key: item.key, index, images });
      const loaded = await read.next();
      if ("error" in loaded) {
        recording.add(item, Promise.resolve(loaded));
        continue;
      }
      const { image, labels } = loaded.value;
      const started = performance.now();
      if (idleSince !== null) idleMs += started - idleSince;
      const running = outcome(options.run(image, item, signal));
      read.ahead(AHEAD);
      const ran = await running;
      idleSince = performance.now();
      const milliseconds = idleSince - started;
      busyMs += milliseconds;
      const { key, domain } = item;
      const size = { width: image.width, height: image.height };
      const scored =
        "error" in ran
          ? Promise.resolve(ran)
          : outcome(options.score({ key, domain, size, labels, scores: ran.value, numClasses, milliseconds }));
      recording.add(item, scored);
      await recording.atMost(BEHIND);
    }
    await recording.atMost(0);
  } finally {
    await recording.settled();
  }
  return { idleMs, busyMs };
}

type Outcome<Value> = { readonly value: Value } | { readonly error: AppError };

interface Reading {
  /** The next item. */
  next(): Promise<Outcome<LoadedImage>>;
  /** Begins so many, unless they are begun. */
  ahead(count: number): void;
}

function readInOrder<Item extends EvaluatedItem>({ items, load }: EvaluateOptions<Item>): Reading {
  let next = 0;
  const begun: Promise<Outcome<LoadedImage>>[] = [];
  const ahead = (count: number): void => {
    for (const item of items.slice(next, next + count - begun.length)) {
      next += 1;
      begun.push(heardLater(outcome(load(item))));
    }
  };
  return {
    ahead,
    next: () => {
      ahead(1);
      const [first] = begun.splice(0, 1);
      if (first === undefined) throw new BugError("an image was asked for after the last one");
      return first;
    },
  };
}

interface Recording<Item> {
  add(item: Item, scored: Promise<Outcome<ScoredImage>>): void;
  /** Resolves when no more than so many wait. @throws what recording has thrown, such as a full disk */
  atMost(count: number): Promise<void>;
  /** Resolves when nothing more is written, whatever became of it. */
  settled(): Promise<void>;
}

function recordInOrder<Item extends EvaluatedItem>(options: EvaluateOptions<Item>): Recording<Item> {
  const { record, onEvent } = options;
  const images = options.items.length;
  let done = 0;
  let last: Promise<void> = Promise.resolve();
  const waiting: Promise<void>[] = [];

  const write = async (item: Item, scored: Outcome<ScoredImage>): Promise<void> => {
    const { key } = item;
    done += 1;
    if ("error" in scored) {
      const { code, message } = scored.error;
      await record({ key, code, message }, null, item);
      onEvent({ type: "imageFailed", key, done, images, message });
    } else {
      const { prediction, miou } = scored.value;
      await record(scored.value.record, prediction, item);
      onEvent({ type: "imageEvaluated", key, done, images, miou });
    }
  };
  return {
    add: (item, scored) => {
      const before = last;
      last = heardLater(Promise.all([scored, before]).then(([outcome]) => write(item, outcome)));
      waiting.push(last);
    },
    atMost: async (count) => {
      while (waiting.length > count) await waiting.shift();
    },
    settled: async () => {
      await last.catch(() => undefined);
    },
  };
}

/** Whoever waits for it hears of a failure; until then it is no unhandled one. */
function heardLater<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
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
