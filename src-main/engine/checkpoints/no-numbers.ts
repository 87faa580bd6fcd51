// Finds the values of a checkpoint that are no numbers: NaN and infinities, as a training leaves that ran away.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { allFinite } from "../all-finite.ts";
import { quoted } from "./checkpoint-error.ts";
import type { StateDict, StateTensor } from "./state-dict.ts";

/** Keys named in a message; `inspect` names all. */
const NAMED = 3;

/** How many values of each key are NaN or infinite as float32; a key without such values is not in it. */
export function noNumbers(stateDict: StateDict): ReadonlyMap<string, number> {
  const counts = [...stateDict].map(([key, tensor]): [string, number] => [key, noNumberCount(tensor)]);
  return new Map(counts.filter(([, count]) => count > 0));
}

/**
 * @param source  the file, for the message
 * @throws AppError `checkpoint.values` when a value is NaN or infinite
 */
export function requireNumbers(stateDict: StateDict, source: string): void {
  const found = noNumbers(stateDict);
  if (found.size > 0) throw new AppError("checkpoint.values", noNumbersSentence(found, source));
}

/** @param found  not empty */
export function noNumbersSentence(found: ReadonlyMap<string, number>, source: string): string {
  const values = [...found.values()].reduce((sum, count) => sum + count, 0);
  const named = [...found].slice(0, NAMED).map(([key, count]) => `${quoted(key)} (${count.toLocaleString("en")})`);
  const more = found.size > NAMED ? ` and ${(found.size - NAMED).toLocaleString("en")} more` : "";
  const [are, tensors] = [values === 1 ? "value is" : "values are", found.size === 1 ? "tensor" : "tensors"];
  return (
    `"${source}": ${values.toLocaleString("en")} ${are} not finite (NaN or infinity), in ${found.size.toLocaleString("en")} ` +
    `${tensors}: ${named.join(", ")}${more}. ` +
    "Such a network predicts nothing: the training that wrote it ran away; use a checkpoint from before that."
  );
}

function noNumberCount({ dtype, data }: StateTensor): number {
  if (data instanceof Float32Array) return allFinite(data) ? 0 : count(data, (value) => !Number.isFinite(value));
  // Weights are used as float32, which ends at 3.4e38.
  if (data instanceof Float64Array) return count(data, (value) => !Number.isFinite(Math.fround(value)));
  if (!(data instanceof Uint16Array)) return 0;
  // The exponent that is all ones is that of NaN and infinity.
  const exponent = dtype === "bfloat16" ? 0x7f80 : 0x7c00;
  return count(data, (bits) => (bits & exponent) === exponent);
}

function count(data: Float32Array | Float64Array | Uint16Array, isCounted: (value: number) => boolean): number {
  let counted = 0;
  for (let i = 0; i < data.length; i++) if (isCounted(data[i] as number)) counted += 1;
  return counted;
}
