// Notices when there is nothing to learn from: source images without a single labelled pixel, as of label files in other ids.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { Batch } from "./samples/sample.ts";

/** The source's, where a step has any. */
const LABELS = "source.labels";
/** A few crops in a row may show nothing but what is ignored. */
const PATIENCE = 20;

export class LabelWatch {
  readonly #numClasses: number;
  readonly #stepsPerEpoch: number;
  /** Steps without a label up to now, one after another. */
  #empty = 0;
  #isAllEmpty = true;

  constructor(numClasses: number, stepsPerEpoch: number) {
    this.#numClasses = numClasses;
    this.#stepsPerEpoch = stepsPerEpoch;
  }

  /**
   * @returns a sentence about a step that has no label, where the one before had some; null otherwise
   * @throws AppError `label.ids` after an epoch of them
   */
  hear(batch: Batch, step: number): string | null {
    const labels = batch[LABELS]?.data;
    if (labels === undefined || labels.some((id: number) => id >= 0 && id < this.#numClasses)) {
      this.#empty = 0;
      this.#isAllEmpty = false;
      return null;
    }
    this.#empty += 1;
    if (this.#empty >= Math.max(this.#stepsPerEpoch, PATIENCE)) throw this.#nothing(`the last ${this.#empty} steps`);
    return this.#empty === 1 ? `No pixel of step ${step} has a label: there is nothing to learn from in it.` : null;
  }

  /** @throws AppError `label.ids` when no step had a label */
  requireLabels(): void {
    if (this.#isAllEmpty && this.#empty > 0) throw this.#nothing("the training's steps");
  }

  #nothing(where: string): AppError {
    return new AppError(
      "label.ids",
      `No pixel of ${where} had a label of the ${this.#numClasses} classes, so nothing was learnt from labels; look at what ` +
        "the label files hold (docs/datasets.md).",
    );
  }
}
