// Runs one method over many images and records each: its scores are taken while the engine computes the next one.
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import type { EvaluatedImage, EvaluationEvent, FailedImage } from "../../../src-shared/contract/evaluation.ts";
import type { LabelMap, RgbImage } from "../images/rgb-image.ts";
import { type EngineTimes, type Outcome, overImages } from "./over-images.ts";
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

/** A few images are held at a time. */
const AHEAD = 2;
const BEHIND = 2;

/** @throws CancelledError between two steps of the engine; everything computed so far is recorded */
export function evaluateImages<Item extends EvaluatedItem>(options: EvaluateOptions<Item>): Promise<EngineTimes> {
  const { items, numClasses, signal, onEvent } = options;
  const images = items.length;
  let done = 0;
  return overImages<Item, LoadedImage, MethodScores, ScoredImage>({
    items,
    ahead: AHEAD,
    behind: BEHIND,
    signal,
    onStarted: ({ key }, index) => onEvent({ type: "imageStarted", key, index, images }),
    load: (item) => options.load(item),
    run: ({ image }, item) => options.run(image, item, signal),
    finish: (scores, { image, labels }, { key, domain }, milliseconds) => {
      const size = { width: image.width, height: image.height };
      return options.score({ key, domain, size, labels, scores, numClasses, milliseconds });
    },
    record: async (outcome: Outcome<ScoredImage>, item) => {
      const { key } = item;
      done += 1;
      if ("error" in outcome) {
        const { code, message } = outcome.error;
        await options.record({ key, code, message }, null, item);
        onEvent({ type: "imageFailed", key, done, images, message });
      } else {
        const { record, prediction, miou } = outcome.value;
        await options.record(record, prediction, item);
        onEvent({ type: "imageEvaluated", key, done, images, miou });
      }
    },
  });
}
