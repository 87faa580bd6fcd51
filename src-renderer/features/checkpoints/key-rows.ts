// The table of a checkpoint's keys: which rows are shown, and in what words.
import type { CheckpointKey } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { formatCount } from "../../components/format.ts";

const FIT_WORDS: Readonly<Record<CheckpointKey["fit"], string>> = {
  matched: "Fits",
  unexpected: "Not used",
  missing: "Missing",
  wrongShape: "Wrong shape",
  other: "",
};

/** How a key fits, or what is wrong with its values, for people. */
export function fitText({ fit, noNumbers }: CheckpointKey): string {
  return noNumbers > 0 ? `${formatCount(noNumbers)} no numbers` : FIT_WORDS[fit];
}

/** A key that is left over does no harm, but often tells why others are missing. */
export function isProblem({ fit, noNumbers }: CheckpointKey): boolean {
  return noNumbers > 0 || fit === "missing" || fit === "wrongShape" || fit === "unexpected";
}

/** "64 × 3 × 7 × 7"; a single number has no shape. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? "single value" : shape.join(" × ");
}

/** Values in a tensor of this shape. */
export function valueCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Keys that have all the words, in any case. */
export function shownKeys(
  keys: readonly CheckpointKey[],
  text: string,
  onlyProblems: boolean,
): readonly CheckpointKey[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return keys.filter(
    (key) => (!onlyProblems || isProblem(key)) && words.every((word) => key.key.toLowerCase().includes(word)),
  );
}

/** Values of all keys in the file: what is missing is not in it. */
export function parameterCount(keys: readonly CheckpointKey[]): number {
  return keys.reduce((sum, { fit, shape }) => sum + (fit === "missing" ? 0 : valueCount(shape)), 0);
}
