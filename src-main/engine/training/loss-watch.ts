// Notices when training runs away: a loss that is no number, or one far above where it began.
import { z } from "zod";

/** Steps whose mean loss says something. */
const WINDOW = 20;
/** How many times the loss at the beginning, or that of guessing, is too much. */
const LIMIT = 3;

export const lossWatchStateSchema = z.object({
  /** Losses of the first steps, as many as there are up to the window. */
  first: z.array(z.number()),
  /** Of the last ones. */
  last: z.array(z.number()),
});
export type LossWatchState = z.infer<typeof lossWatchStateSchema>;

export class LossWatch {
  readonly #guessing: number;
  #state: LossWatchState;

  /** @param state  of the run that goes on */
  constructor(numClasses: number, state: LossWatchState = { first: [], last: [] }) {
    this.#guessing = Math.log(numClasses);
    this.#state = state;
  }

  get state(): LossWatchState {
    return this.#state;
  }

  /** What is wrong with the run after this step's loss, as the beginning of a sentence; null while nothing is. */
  hear(loss: number): string | null {
    if (!Number.isFinite(loss)) return `The loss is ${loss}`;
    const { first, last } = this.#state;
    this.#state = {
      first: first.length < WINDOW ? [...first, loss] : first,
      last: [...last, loss].slice(-WINDOW),
    };
    const now = mean(this.#state.last);
    const limit = LIMIT * Math.max(this.#guessing, mean(this.#state.first));
    if (first.length < WINDOW || now <= limit) return null;
    return `The mean loss of ${WINDOW} steps is ${now.toPrecision(3)}, far above the ${mean(first).toPrecision(3)} at the start,`;
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
