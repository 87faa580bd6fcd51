// One image that a command works on.
import type { DatasetEncoding } from "../../../src-shared/labels/dataset-tables.ts";

export interface RunInput {
  readonly path: string;
  /** What its output files are called; may begin with subfolders. */
  readonly name: string;
  readonly labelPath: string | null;
  /** Of a known data set's label file; without it, --label-encoding says what the ids are. */
  readonly labelEncoding?: DatasetEncoding;
  readonly domain?: string;
}
