// How fast a training run is, how long it will take, and how much of the time it waits for images.

/** Steps that the speed is averaged over. */
const WINDOW = 50;

interface TimedStep {
  readonly images: number;
  readonly elapsedMs: number;
}

export class TrainingClock {
  readonly #last: TimedStep[] = [];
  #elapsedMs = 0;
  #waitMs = 0;
  #images = 0;
  #validationMs = 0;

  /** @param waitMs  the part of it that was spent waiting for images */
  hearStep(images: number, elapsedMs: number, waitMs: number): void {
    this.#last.push({ images, elapsedMs });
    if (this.#last.length > WINDOW) this.#last.shift();
    this.#elapsedMs += elapsedMs;
    this.#waitMs += waitMs;
    this.#images += images;
  }

  hearValidation(elapsedMs: number): void {
    this.#validationMs = elapsedMs;
  }

  /** Over the last steps. */
  get imagesPerSecond(): number {
    const { images, elapsedMs } = sumOf(this.#last);
    return elapsedMs === 0 ? 0 : (1000 * images) / elapsedMs;
  }

  /** Over all steps. */
  get meanImagesPerSecond(): number {
    return this.#elapsedMs === 0 ? 0 : (1000 * this.#images) / this.#elapsedMs;
  }

  /** Share of the steps' time in which nothing was computed because images were not there yet, 0..1. */
  get waitShare(): number {
    return this.#elapsedMs === 0 ? 0 : this.#waitMs / this.#elapsedMs;
  }

  /** Steps as long as the last ones, validations as long as the last one. */
  leftMs(steps: number, validations: number): number {
    const { elapsedMs } = sumOf(this.#last);
    return (steps * elapsedMs) / Math.max(1, this.#last.length) + validations * this.#validationMs;
  }
}

function sumOf(steps: readonly TimedStep[]): TimedStep {
  return steps.reduce(
    (sum, step) => ({ images: sum.images + step.images, elapsedMs: sum.elapsedMs + step.elapsedMs }),
    { images: 0, elapsedMs: 0 },
  );
}
