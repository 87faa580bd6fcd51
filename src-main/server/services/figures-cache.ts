// Figures of the evaluation that somebody looks at: kept until there are new ones, and of many images not made too often.
import type { Evaluation, EvaluationResult } from "../../../src-shared/contract/workbench/evaluations.ts";

export type Figures = Pick<EvaluationResult, "summary" | "failures">;

/** So many times as long as they took, figures of an evaluation that goes on are good enough. */
const REST = 4;

interface Kept {
  readonly id: Evaluation["id"];
  /** Changes with whatever changes the figures. */
  readonly state: string;
  readonly figures: Promise<Figures>;
  /** Until then they will do while the evaluation goes on. */
  goodUntil: number;
}

export class FiguresCache {
  readonly #make: (evaluation: Evaluation) => Promise<Figures>;
  readonly #now: () => number;
  #kept: Kept | undefined;

  constructor(make: (evaluation: Evaluation) => Promise<Figures>, now: () => number = () => performance.now()) {
    this.#make = make;
    this.#now = now;
  }

  of(evaluation: Evaluation): Promise<Figures> {
    const { id, status, done, failed, startedAt } = evaluation;
    const state = `${status} ${startedAt} ${done} ${failed}`;
    const kept = this.#kept;
    if (kept?.id === id && kept.state === state) return kept.figures;
    if (kept?.id === id && status === "running" && this.#now() < kept.goodUntil) return kept.figures;
    return this.#made(evaluation, state);
  }

  #made(evaluation: Evaluation, state: string): Promise<Figures> {
    const started = this.#now();
    const making: Kept = {
      id: evaluation.id,
      state,
      figures: this.#make(evaluation).then(
        (figures) => {
          const now = this.#now();
          making.goodUntil = now + REST * (now - started);
          return figures;
        },
        (error: unknown) => {
          if (this.#kept === making) this.#kept = undefined;
          throw error;
        },
      ),
      goodUntil: Number.POSITIVE_INFINITY,
    };
    this.#kept = making;
    return making.figures;
  }
}
