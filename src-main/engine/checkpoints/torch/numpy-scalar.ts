// numpy scalars in training checkpoints (a best score, an epoch): read as plain numbers.
import { type CallContext, PickleTuple, type PickleValue, StatefulPickleObject } from "../pickle/pickle-values.ts";

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

  constructor(code: string) {
    super();
    this.code = code;
  }

  override applyState(state: PickleValue, context: CallContext): void {
    const order = state instanceof PickleTuple ? state.items[1] : undefined;
    if (order !== "<" && order !== "|") throw context.damaged("is no little-endian numpy dtype");
  }
}

/** `numpy.dtype`(code, align, copy) */
export function numpyDType([code]: readonly PickleValue[], context: CallContext): NumpyDType {
  if (typeof code !== "string" || !Object.hasOwn(READERS, code)) throw context.damaged("is no dtype of plain numbers");
  return new NumpyDType(code);
}

/** `numpy.core.multiarray.scalar`(dtype, bytes) */
export function numpyScalar([dtype, bytes]: readonly PickleValue[], context: CallContext): PickleValue {
  if (!(dtype instanceof NumpyDType) || !(bytes instanceof Uint8Array)) throw context.damaged("is no number");
  const read = READERS[dtype.code];
  if (read === undefined || bytes.length !== Number(dtype.code.slice(1))) {
    throw context.damaged(`has ${bytes.length} bytes for a number of type ${dtype.code}`);
  }
  return read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** `_codecs.encode`(text, "latin1"): how pickle protocol 2 writes bytes. */
export function bytesFromLatin1([text, encoding]: readonly PickleValue[], context: CallContext): Uint8Array {
  if (typeof text !== "string" || encoding !== "latin1") throw context.damaged("encodes no latin1 text");
  context.charge(text.length);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function narrowed(integer: bigint): number | bigint {
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
}
