// One image that a command works on.
import type { DatasetEncoding } from "../../../src-shared/labels/dataset-tables.ts";

export interface RunInput {
  readonly path: string;
  /** What its output files are called; may begin with subfolders. */
  readonly name: string;
  readonly labelPath: string | null;
  /** Null without labels. */
  readonly labelEncoding: DatasetEncoding | null;
  /** A file that says what the values of label files stand for; without one it is looked for beside them. */
  readonly classList?: string | undefined;
  readonly domain?: string;
}
