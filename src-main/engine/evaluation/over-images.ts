// The course of many images through the engine: the next ones are read, and the last ones finished, while it computes.
import { AppError, BugError } from "../../../src-shared/contract/errors.ts";
import { stopIfCancelled } from "../methods/shared/cancellation.ts";

/** What became of an image: an expected failure does not stop the others. */
export type Outcome<Value> = { readonly value: Value } | { readonly error: AppError };

export interface ImageCourse<Item, Loaded, Ran, Finished> {
  readonly items: readonly Item[];
  /** Images that are read ahead, and that may still be finished and recorded when another run begins. */
  readonly ahead: number;
  readonly behind: number;
  onStarted(item: Item, index: number): void;
  /** @throws AppError about this image */
  load(item: Item): Promise<Loaded>;
  /** One image at a time. @throws AppError about this image */
  run(loaded: Loaded, item: Item): Promise<Ran>;
  /** @param milliseconds  what the run took  @throws AppError about this image */
  finish(ran: Ran, loaded: Loaded, item: Item, milliseconds: number): Promise<Finished>;
  /** In the order of the items, one after another. What it throws ends the course. */
  record(outcome: Outcome<Finished>, item: Item): Promise<void>;
  readonly signal: AbortSignal;
}

/** Milliseconds in which the engine had nothing to do between two images, and in which it computed. */
export interface EngineTimes {
  readonly idleMs: number;
  readonly busyMs: number;
}

/**
 * Everything is held of a few images at a time, however many there are.
 *
 * @throws CancelledError between two steps of the engine; everything computed so far is recorded
 */
export async function overImages<Item, Loaded, Ran, Finished>(
  course: ImageCourse<Item, Loaded, Ran, Finished>,
): Promise<EngineTimes> {
  const { items, ahead, behind, signal } = course;
  const read = readInOrder(course);
  const recording = recordInOrder(course);
  let idleMs = 0;
  let busyMs = 0;
  let idleSince: number | null = null;
  try {
    for (const [index, item] of items.entries()) {
      stopIfCancelled(signal);
      course.onStarted(item, index);
      const loaded = await read.next();
      if ("error" in loaded) {
        recording.add(item, Promise.resolve(loaded));
        await recording.atMost(behind);
        continue;
      }
      const started = performance.now();
      if (idleSince !== null) idleMs += started - idleSince;
      const running = outcomeOf(course.run(loaded.value, item));
      read.ahead(ahead);
      const ran = await running;
      idleSince = performance.now();
      const milliseconds = idleSince - started;
      busyMs += milliseconds;
      const finished =
        "error" in ran ? Promise.resolve(ran) : outcomeOf(course.finish(ran.value, loaded.value, item, milliseconds));
      recording.add(item, finished);
      await recording.atMost(behind);
    }
    await recording.atMost(0);
  } finally {
    await recording.settled();
  }
  return { idleMs, busyMs };
}

interface Reading<Loaded> {
  /** The next item. */
  next(): Promise<Outcome<Loaded>>;
  /** Begins so many, unless they are begun. */
  ahead(count: number): void;
}

function readInOrder<Item, Loaded>({
  items,
  load,
}: Pick<ImageCourse<Item, Loaded, unknown, unknown>, "items" | "load">): Reading<Loaded> {
  let next = 0;
  const begun: Promise<Outcome<Loaded>>[] = [];
  const ahead = (count: number): void => {
    for (const item of items.slice(next, next + count - begun.length)) {
      next += 1;
      begun.push(heardLater(outcomeOf(load(item))));
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

interface Recording<Item, Finished> {
  add(item: Item, finished: Promise<Outcome<Finished>>): void;
  /** Resolves when no more than so many wait. @throws what recording has thrown, such as a full disk */
  atMost(count: number): Promise<void>;
  /** Resolves when nothing more is written, whatever became of it. */
  settled(): Promise<void>;
}

function recordInOrder<Item, Finished>({
  record,
}: Pick<ImageCourse<Item, unknown, unknown, Finished>, "record">): Recording<Item, Finished> {
  let last: Promise<void> = Promise.resolve();
  const waiting: Promise<void>[] = [];
  return {
    add: (item, finished) => {
      const before = last;
      last = heardLater(Promise.all([finished, before]).then(([outcome]) => record(outcome, item)));
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
async function outcomeOf<Value>(promise: Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { value: await promise };
  } catch (error) {
    if (error instanceof AppError) return { error };
    throw error;
  }
}
