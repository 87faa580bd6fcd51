// The planes of a batch by name, and single numbers among the outputs of a program.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import type { DeviceTensor } from "../../runtimes/runtime.ts";
import type { Batch, Plane } from "../../training/samples/sample.ts";

/** @throws BugError when the batch has no such plane */
export function planeOf(batch: Batch, name: string): Plane {
  const plane = batch[name];
  if (plane === undefined) throw new BugError(`the batch has no plane "${name}"`);
  return plane;
}

/** The only number of an output, which is disposed of; NaN when there is no such output. */
export async function takeNumber(outputs: Map<string, DeviceTensor>, name: string): Promise<number> {
  const [value = Number.NaN] = await takeNumbers(outputs, name);
  return value;
}

/** The numbers of an output, which is disposed of. */
export async function takeNumbers(outputs: Map<string, DeviceTensor>, name: string): Promise<number[]> {
  const tensor = outputs.get(name);
  if (tensor === undefined) return [];
  const values = [...(await tensor.read())];
  tensor.dispose();
  outputs.delete(name);
  return values;
}
