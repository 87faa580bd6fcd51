// Reads the recorded tensors of a fixture, trusting the file: fixtures are ours.
import { readFileSync } from "node:fs";

export interface FixtureTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array;
}

/** All float32 and uint8 tensors of a safetensors file, by name. */
export function readFixtureTensors(path: string): (name: string) => FixtureTensor {
  const bytes = readFileSync(path);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const start = 8 + headerLength;
  const header = JSON.parse(bytes.toString("utf8", 8, start));
  return (name) => {
    const entry = header[name];
    if (entry === undefined) throw new Error(`no tensor "${name}" in ${path}`);
    const [from, to] = entry.data_offsets;
    const data = new Uint8Array(bytes.subarray(start + from, start + to)); // a copy, so aligned for float32
    return { shape: entry.shape, data: entry.dtype === "F32" ? new Float32Array(data.buffer) : data };
  };
}
