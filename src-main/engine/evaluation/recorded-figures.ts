// What an evaluation's records say so far. Whoever looks at one asks again and again, so that only new lines are read.

import type { EvaluationSummary, FailedImage } from "../../../src-shared/contract/evaluation.ts";
import type { ConfusionCell } from "../../../src-shared/contract/workbench/evaluations.ts";
import { recordsPath } from "./evaluation-folder.ts";
import { type Records, RecordsReader } from "./records-file.ts";
import { summarizeEvaluation } from "./summarize-evaluation.ts";

export interface RecordedFigures {
  /** Null before the first record. */
  readonly summary: EvaluationSummary | null;
  readonly failures: readonly FailedImage[];
}

/** The records of the folder that was asked for last stay in memory: some 15 MiB for a thousand images of 19 classes. */
export class RecordedEvaluations {
  #reader: RecordsReader | undefined;
  /** One request reads at a time. */
  #reading: Promise<unknown> = Promise.resolve();

  async figures(folder: string, numClasses: number): Promise<RecordedFigures> {
    const { evaluated, failed } = await this.#records(folder);
    const isEmpty = evaluated.size === 0 && failed.size === 0;
    return {
      summary: isEmpty ? null : summarizeEvaluation([...evaluated.values()], numClasses, failed.size),
      failures: [...failed.values()],
    };
  }

  /** Images with pixels in the cell, those with the most first. */
  async confused(
    folder: string,
    numClasses: number,
    { label, predicted }: ConfusionCell,
  ): Promise<{ key: string; pixels: number }[]> {
    const { evaluated } = await this.#records(folder);
    if (label >= numClasses || predicted >= numClasses) return [];
    return [...evaluated.values()]
      .map(({ key, confusion }) => ({ key, pixels: confusion?.[label * numClasses + predicted] ?? 0 }))
      .filter(({ pixels }) => pixels > 0)
      .toSorted((a, b) => b.pixels - a.pixels);
  }

  #records(folder: string): Promise<Records> {
    const read = async (): Promise<Records> => {
      const path = recordsPath(folder);
      if (this.#reader?.path !== path) this.#reader = new RecordsReader(path);
      return this.#reader.read();
    };
    const reading = this.#reading.then(read, read);
    this.#reading = reading;
    return reading;
  }
}
