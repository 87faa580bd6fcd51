// Evaluations of one checkpoint on one runtime, one after the other: of a method, or of several side by side.
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import type { EvaluationEvent } from "../../../src-shared/contract/evaluation.ts";
import {
  type EvaluationRequest,
  type EvaluationResult,
  runEvaluation,
} from "../../engine/evaluation/run-evaluation.ts";
import type { SegmentationModel } from "../../engine/methods/shared/segmentation-model.ts";
import type { ReadModel } from "../../engine/process/open-model.ts";
import { LABEL_BYTES_PER_PIXEL } from "../../server/services/preflight.ts";
import type { CliContext } from "../context.ts";
import type { ModelFlags } from "../open-model.ts";
import { EvaluationProgress } from "../terminal/evaluation-progress.ts";
import { ModelAtAlpha } from "./model-at-alpha.ts";
import { checkRoom, diskNeed, imageSizes, memoryNeeds } from "./require-room.ts";

export class MethodEvaluations {
  readonly #read: ReadModel;
  readonly #models: ModelAtAlpha;
  readonly #isForced: boolean;
  readonly #context: CliContext;

  private constructor(read: ReadModel, models: ModelAtAlpha, isForced: boolean, context: CliContext) {
    this.#read = read;
    this.#models = models;
    this.#isForced = isForced;
    this.#context = context;
  }

  /** @throws AppError `runtime.unavailable` */
  static async open(
    read: ReadModel,
    flags: Pick<ModelFlags, "runtime" | "provider" | "threads"> & { readonly force: boolean },
    context: CliContext,
  ): Promise<MethodEvaluations> {
    return new MethodEvaluations(read, await ModelAtAlpha.open(read, flags), flags.force, context);
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
      { version, onEvent, beforeFirst: (images) => this.#checkRoom(request, images, model), signal },
    );
    terminal.clearProgress();
    return result;
  }

  async #checkRoom(
    { config, output, savePredictions }: EvaluationRequest,
    images: readonly DatasetItem[],
    { architecture, runtime }: SegmentationModel,
  ): Promise<void> {
    const sizes = await imageSizes(images.map(({ imagePath }) => imagePath));
    const bytesOfPixel = savePredictions ? LABEL_BYTES_PER_PIXEL : 0;
    const needs = [
      ...(await memoryNeeds({ architecture, configs: [config], sizes, runtime: runtime.description })),
      await diskNeed(output, { sizes, images: images.length, bytesOfPixel }),
    ];
    checkRoom("evaluation", { needs, flags: { output, force: this.#isForced } }, this.#context);
  }

  dispose(): Promise<void> {
    return this.#models.dispose();
  }
}
