// Single numbers among the outputs of a program.
import type { DeviceTensor } from "../../runtimes/runtime.ts";

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
