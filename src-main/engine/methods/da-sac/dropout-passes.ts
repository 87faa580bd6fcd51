// Dropout masks of each pass in training mode.
import { mixSeeds } from "../../random.ts";
import { type DropoutMasks, seededMasks } from "../shared/dropout-masks.ts";

/** @param pass  how many passes in training mode came before in the run */
export type MasksOfPass = (pass: number) => DropoutMasks;

/** Samplers and samples have other streams. */
const DROPOUT_STREAM = 3;

export function seededPasses(seed: number): MasksOfPass {
  return (pass) => seededMasks(mixSeeds(seed, DROPOUT_STREAM, pass));
}
