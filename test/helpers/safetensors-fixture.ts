// Reads the recorded tensors of a fixture, trusting the file: fixtures are ours.
import { readFileSync } from "node:fs";

export interface FixtureTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array;
}

/** All float32, uint8 and int64 tensors of a safetensors file, by name; int64 as float32, for small integers. */
export function readFixtureTensors(path: string): (name: string) => FixtureTensor {
  const stored = storedTensors(path);
  return (name) => {
    const { shape, dtype, bytes } = stored(name);
    return { shape, data: numbersOf(bytes, dtype) };
  };
}

/** Of tensors that may be float64. */
export function readFixtureDoubles(path: string): (name: string) => Float32Array | Float64Array {
  const stored = storedTensors(path);
  return (name) => {
    const { dtype, bytes } = stored(name);
    return dtype === "F64" ? new Float64Array(bytes.buffer) : new Float32Array(bytes.buffer);
  };
}

interface Stored {
  readonly shape: readonly number[];
  readonly dtype: string;
  /** A copy, so aligned for any kind of number. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function storedTensors(path: string): (name: string) => Stored {
  const bytes = readFileSync(path);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const start = 8 + headerLength;
  const header = JSON.parse(bytes.toString("utf8", 8, start));
  return (name) => {
    const entry = header[name];
    if (entry === undefined) throw new Error(`no tensor "${name}" in ${path}`);
    const [from, to] = entry.data_offsets;
    return { shape: entry.shape, dtype: entry.dtype, bytes: new Uint8Array(bytes.subarray(start + from, start + to)) };
  };
}

function numbersOf(data: Uint8Array<ArrayBuffer>, dtype: string): FixtureTensor["data"] {
  if (dtype === "F32") return new Float32Array(data.buffer);
  return dtype === "I64" ? Float32Array.from(new BigInt64Array(data.buffer), Number) : data;
}
