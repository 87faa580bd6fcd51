// Gathers what is wrong with a data set, one line for all files with the same fault.
import type { DatasetReportCode, DatasetReportLine } from "../../../src-shared/contract/dataset.ts";
import { unknownSentence } from "../../../src-shared/labels/unknown-sentence.ts";
import { type FileUnknowns, UnknownTally } from "./unknown-labels.ts";

/** As many paths as a line keeps; all of GTA5's known broken frames fit. */
const MAX_EXAMPLES = 100;

interface Entry {
  readonly code: DatasetReportCode;
  readonly describe: (count: number, path: string) => string;
  readonly examples: string[];
  count: number;
}

export class DatasetReport {
  readonly #entries = new Map<string, Entry>();
  readonly #unknown = new UnknownTally();
  readonly #others: DatasetReportLine[] = [];

  /**
   * @param path      below the root
   * @param describe  the sentence, told how many there are in the end and the first path; faults with the same code
   *                  and `group` share a line
   */
  add(code: DatasetReportCode, path: string, describe: (count: number, path: string) => string, group = ""): void {
    const key = `${code} ${group}`;
    const entry = this.#entries.get(key) ?? { code, describe, examples: [], count: 0 };
    this.#entries.set(key, entry);
    entry.count += 1;
    if (entry.examples.length < MAX_EXAMPLES) entry.examples.push(path);
  }

  /** What a label file holds that is of no class: one line for all such files. */
  addUnknown(file: FileUnknowns): void {
    if (file.unknown.length === 0) return;
    this.#unknown.add(file);
    const describe = () => {
      const { total, encoding } = this.#unknown;
      return total === null ? "" : unknownSentence(total, encoding);
    };
    this.add("dataset.unknownIds", file.path, describe);
  }

  /** Takes over lines of another report. */
  addLines(lines: readonly DatasetReportLine[]): void {
    this.#others.push(...lines);
  }

  /** Those of other reports, then its own in the order in which the faults were first met. */
  get lines(): DatasetReportLine[] {
    const own = [...this.#entries.values()].map(({ code, describe, examples, count }) => {
      const path = examples[0] ?? "";
      return { code, message: describe(count, path), path, count, examples: [...examples] };
    });
    return [...this.#others, ...own];
  }
}

/** "1 image", "2 images". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
