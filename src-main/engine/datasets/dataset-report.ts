// Gathers what is wrong with a data set, one line for all files with the same fault.
import type { DatasetReportCode, DatasetReportLine } from "../../../src-shared/contract/dataset.ts";

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

  /** In the order in which the faults were first met. */
  get lines(): DatasetReportLine[] {
    return [...this.#entries.values()].map(({ code, describe, examples, count }) => {
      const path = examples[0] ?? "";
      return { code, message: describe(count, path), path, count, examples: [...examples] };
    });
  }
}

/** "1 image", "2 images". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
