// What the reader of one layout offers.
import type { DatasetItem, DatasetLayout } from "../../../src-shared/contract/dataset.ts";
import type { DatasetTree } from "./dataset-tree.ts";

export interface LayoutReader {
  readonly id: DatasetLayout;
  /** For people. */
  readonly name: string;
  /** Whether the folder looks like it: a few names are looked at, never a whole walk. */
  readonly matches: (tree: DatasetTree) => Promise<boolean>;
  /** The items in a fixed order, folder by folder; faults go to the tree's report. */
  readonly list: (tree: DatasetTree) => AsyncGenerator<DatasetItem[]>;
}
