// How the comparison over many images is looked at: order, the class it is narrowed to, where the keyboard is.
import { create } from "zustand";
import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import type { GainOrder } from "./gains.ts";

export interface ClassChoice {
  /** Among the model's classes, and among the 19 by which datasets list theirs. */
  readonly trainId: number;
  readonly datasetClass: number;
  readonly name: string;
}

export interface ManyView {
  readonly order: GainOrder;
  readonly chosenClass: ClassChoice | null;
  readonly cursor: ImageId | null;
}

export const useManyView = create<ManyView>(() => ({ order: "gain", chosenClass: null, cursor: null }));
