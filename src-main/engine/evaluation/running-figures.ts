// Figures of an evaluation while it goes on: sums, so that each further image costs the same.
import type { EvaluatedImage, FailedImage } from "../../../src-shared/contract/evaluation.ts";
import { type Calibration, calibrationScores, emptyCalibration } from "../metrics/calibration.ts";
import { emptyConfusionMatrix } from "../metrics/confusion-matrix.ts";
import { segmentationScores } from "../metrics/iou.ts";
import type { Records } from "./records-file.ts";
import { addCalibrationSums, addInPlace } from "./summarize-evaluation.ts";

export class RunningFigures {
  readonly #confusion;
  readonly #calibration: Calibration;
  readonly #evaluated = new Set<string>();
  readonly #failed = new Set<string>();
  #labelled = 0;
  #calibrated = 0;

  /** @param recorded  what an earlier run has left */
  constructor(numClasses: number, recorded: Records) {
    this.#confusion = emptyConfusionMatrix(numClasses);
    this.#calibration = emptyCalibration(numClasses);
    for (const record of [...recorded.evaluated.values(), ...recorded.failed.values()]) this.add(record);
  }

  /** An image that failed before may succeed now. */
  add(record: EvaluatedImage | FailedImage): void {
    if ("code" in record) {
      this.#failed.add(record.key);
      return;
    }
    this.#failed.delete(record.key);
    this.#evaluated.add(record.key);
    if (record.confusion !== null) {
      addInPlace(this.#confusion.counts, record.confusion);
      this.#labelled += 1;
    }
    if (record.calibration !== null) {
      addCalibrationSums(this.#calibration, record.calibration);
      this.#calibrated += 1;
    }
  }

  /** Images that have a record, and how many of them failed. */
  get counts(): { readonly done: number; readonly failed: number } {
    return { done: this.#evaluated.size + this.#failed.size, failed: this.#failed.size };
  }

  /** Pooled over what was added; null without labels. */
  get scores(): { readonly miou: number | null; readonly ece: number | null } {
    const miou = this.#labelled === 0 ? Number.NaN : segmentationScores(this.#confusion).meanIou;
    return {
      miou: Number.isNaN(miou) ? null : miou,
      ece: this.#calibrated === 0 ? null : calibrationScores(this.#calibration).ece,
    };
  }
}
