// Evaluations of one checkpoint on one runtime, one after the other: of a method, or of several side by side.
import type { EvaluationEvent } from "../../../src-shared/contract/evaluation.ts";
import {
  type EvaluationRequest,
  type EvaluationResult,
  runEvaluation,
} from "../../engine/evaluation/run-evaluation.ts";
import type { SegmentationModel } from "../../engine/methods/shared/segmentation-model.ts";
import { modelOn, type ReadModel } from "../../engine/process/open-model.ts";
import { createRuntime } from "../../engine/runtimes/create-runtime.ts";
import type { Runtime } from "../../engine/runtimes/runtime.ts";
import type { CliContext } from "../context.ts";
import type { ModelFlags } from "../open-model.ts";
import { EvaluationProgress } from "../terminal/evaluation-progress.ts";

export class MethodEvaluations {
  readonly #read: ReadModel;
  readonly #runtime: Runtime;
  readonly #context: CliContext;
  #model: { readonly alpha: number | null; readonly value: SegmentationModel } | undefined;

  private constructor(read: ReadModel, runtime: Runtime, context: CliContext) {
    this.#read = read;
    this.#runtime = runtime;
    this.#context = context;
  }

  /** @throws AppError `runtime.unavailable` */
  static async open(
    read: ReadModel,
    { runtime, provider, threads }: Pick<ModelFlags, "runtime" | "provider" | "threads">,
    context: CliContext,
  ): Promise<MethodEvaluations> {
    return new MethodEvaluations(read, await createRuntime({ runtime, provider, threads }), context);
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
    const model = await this.#modelAt(request.config.alpha);
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

  async dispose(): Promise<void> {
    await this.#model?.value.dispose();
    await this.#runtime.dispose();
  }

  /** One model at a time: two would share the memory. */
  async #modelAt(alpha: number | null): Promise<SegmentationModel> {
    if (this.#model?.alpha === alpha) return this.#model.value;
    await this.#model?.value.dispose();
    this.#model = undefined;
    const value = modelOn(this.#runtime, this.#read, alpha ?? undefined);
    this.#model = { alpha, value };
    return value;
  }
}
