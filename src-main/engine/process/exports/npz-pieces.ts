// Writes NumPy's .npz: a zip archive of .npy arrays (numpy.lib.format, version 1.0).
import { zipPieces } from "../../../files/zip-pieces.ts";

export interface NpzArray {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

const MAGIC = Buffer.from("\x93NUMPY\x01\x00", "latin1");
const LENGTH_BYTES = 2;
const ALIGNMENT = 64; // of the data, as NumPy writes it, so that it can be mapped

/** The file's bytes; `numpy.load(file)[name]` is the float32 array in C order. */
export function npzPieces(arrays: ReadonlyMap<string, NpzArray>): Generator<Uint8Array> {
  return zipPieces(
    [...arrays].map(([name, { data, shape }]) => ({
      name: `${name}.npy`,
      pieces: () => [npyHeader(shape), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
    })),
  );
}

function npyHeader(shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`;
  const unpadded = MAGIC.length + LENGTH_BYTES + dictionary.length + 1;
  const padded = Math.ceil(unpadded / ALIGNMENT) * ALIGNMENT;
  const text = `${dictionary.padEnd(dictionary.length + padded - unpadded)}\n`;
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16LE(text.length);
  return Buffer.concat([MAGIC, length, Buffer.from(text, "latin1")]);
}
