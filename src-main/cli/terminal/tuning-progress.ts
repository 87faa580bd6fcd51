// One line that says how far a tuning is: runs, the best setting so far, time left.
import { type Pace, paceLeftMs } from "../../../src-shared/contract/pace.ts";
import {
  settingWords,
  type TunedParameters,
  type TuningResult,
  winnerOf,
} from "../../../src-shared/contract/tuning.ts";
import { durationText } from "./format.ts";

const BAR_WIDTH = 16;

export class TuningProgress {
  readonly #start: TunedParameters;
  readonly #now: () => number;
  readonly #startedAt: number;
  /** Runs of an earlier start took none of this time. */
  #first: Pace | undefined;
  #result: TuningResult | undefined;

  /** @param now  milliseconds on a clock that only goes forward */
  constructor(start: TunedParameters, now: () => number) {
    this.#start = start;
    this.#now = now;
    this.#startedAt = now();
  }

  /** Behind every run. */
  hear(result: TuningResult): void {
    this.#first ??= { done: result.done - 1, atMs: this.#startedAt };
    this.#result = result;
  }

  /** Runs that an earlier start had done; null before the first of this one. */
  get resumed(): number | null {
    return this.#first?.done ?? null;
  }

  get line(): string {
    if (this.#result === undefined || this.#first === undefined) return "the first run has begun";
    const { done, planned, ranking } = this.#result;
    const filled = Math.round((done / planned) * BAR_WIDTH);
    const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    const winner = winnerOf(ranking);
    const best = winner === undefined ? "" : `  best: ${settingWords(winner.parameters, this.#start)}`;
    const leftMs = paceLeftMs(this.#first, { done, atMs: this.#now() }, planned);
    const left = leftMs === null || done === planned ? "" : `  about ${durationText(leftMs)} left`;
    return `${bar} ${done} of about ${planned} runs${left}${best}`;
  }
}
