// Evaluations of one checkpoint on one runtime, one after the other: of a method, or of several side by side.
import type { EvaluationEvent } from "../../../src-shared/contract/evaluation.ts";
import {
  type EvaluationRequest,
  type EvaluationResult,
  runEvaluation,
} from "../../engine/evaluation/run-evaluation.ts";
import type { ReadModel } from "../../engine/process/open-model.ts";
import type { CliContext } from "../context.ts";
import type { ModelFlags } from "../open-model.ts";
import { EvaluationProgress } from "../terminal/evaluation-progress.ts";
import { ModelAtAlpha } from "./model-at-alpha.ts";

export class MethodEvaluations {
  readonly #read: ReadModel;
  readonly #models: ModelAtAlpha;
  readonly #context: CliContext;

  private constructor(read: ReadModel, models: ModelAtAlpha, context: CliContext) {
    this.#read = read;
    this.#models = models;
    this.#context = context;
  }

  /** @throws AppError `runtime.unavailable` */
  static async open(
    read: ReadModel,
    flags: Pick<ModelFlags, "runtime" | "provider" | "threads">,
    context: CliContext,
  ): Promise<MethodEvaluations> {
    return new MethodEvaluations(read, await ModelAtAlpha.open(read, flags), context);
  }

  /**
   * @param before  stands before the line of progress
   * @param onEvent  hears what happens, besides the terminal
   * @throws those of `runEvaluation`
   */
  async run(
    request: EvaluationRequest,
    before: string,
    hear: (event: EvaluationEvent) => void,
  ): Promise<EvaluationResult> {
    const { terminal, signal, version } = this.#context;
    const model = await this.#models.at(request.config.alpha);
    const progress = new EvaluationProgress(() => performance.now());
    const onEvent = (event: EvaluationEvent): void => {
      hear(event);
      const notice = progress.hear(event);
      if (notice !== "") terminal.notice(notice);
      terminal.progress(`${before}${progress.line}`);
    };
    const result = await runEvaluation(
      request,
      { model, checkpoint: this.#read.summary },
      { version, onEvent, signal },
    );
    terminal.clearProgress();
    return result;
  }

  dispose(): Promise<void> {
    return this.#models.dispose();
  }
}
