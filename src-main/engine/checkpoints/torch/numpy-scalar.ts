// numpy scalars in training checkpoints (a best score, an epoch): read as plain numbers.
import {
  type CallContext,
  PickleObject,
  PickleTuple,
  type PickleValue,
  StatefulPickleObject,
} from "../pickle/pickle-values.ts";

const READERS: Readonly<Record<string, (view: DataView) => number | bigint | boolean>> = {
  f8: (view) => view.getFloat64(0, true),
  f4: (view) => view.getFloat32(0, true),
  i8: (view) => narrowed(view.getBigInt64(0, true)),
  i4: (view) => view.getInt32(0, true),
  i2: (view) => view.getInt16(0, true),
  i1: (view) => view.getInt8(0),
  u8: (view) => narrowed(view.getBigUint64(0, true)),
  u4: (view) => view.getUint32(0, true),
  u2: (view) => view.getUint16(0, true),
  u1: (view) => view.getUint8(0),
  b1: (view) => view.getUint8(0) !== 0,
};

/** `numpy.dtype("f8")`, completed by a state whose second item is the byte order. */
class NumpyDType extends StatefulPickleObject {
  readonly code: string;
  isLittleEndian = false;

  constructor(code: string) {
    super();
    this.code = code;
  }

  override applyState(state: PickleValue): void {
    const order = state instanceof PickleTuple ? state.items[1] : undefined;
    this.isLittleEndian = order === "<" || order === "|";
  }
}

/** Bytes as pickle protocol 2 writes them, as text: turned into bytes where somebody asks, which for arrays nobody does. */
class Latin1Bytes extends PickleObject {
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }
}

/** `numpy.dtype`(code, align, copy), also of text, objects and records, whose values are not read. */
export function numpyDType([code]: readonly PickleValue[]): NumpyDType {
  return new NumpyDType(typeof code === "string" ? code : "");
}

/** `numpy.core.multiarray.scalar`(dtype, bytes); null for one that is no plain number, such as a date. */
export function numpyScalar([dtype, given]: readonly PickleValue[], context: CallContext): PickleValue {
  if (!(dtype instanceof NumpyDType)) throw context.damaged("has no dtype");
  const read = Object.hasOwn(READERS, dtype.code) && dtype.isLittleEndian ? READERS[dtype.code] : undefined;
  if (read === undefined) return null;
  const size = Number(dtype.code.slice(1));
  const bytes = given instanceof Latin1Bytes && given.text.length === size ? Buffer.from(given.text, "latin1") : given;
  if (!(bytes instanceof Uint8Array) || bytes.length !== size) {
    throw context.damaged(`has no ${size} bytes for a number of type ${dtype.code}`);
  }
  return read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** `_codecs.encode`(text, encoding): nothing but the bytes of numbers is ever asked for. */
export function bytesFromLatin1([text]: readonly PickleValue[], context: CallContext): PickleValue {
  if (typeof text !== "string") throw context.damaged("encodes no text");
  return new Latin1Bytes(text);
}

function narrowed(integer: bigint): number | bigint {
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
}
