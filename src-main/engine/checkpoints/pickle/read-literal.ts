// The opcodes that bring a plain value with them: numbers, text and bytes.
import type { ByteCursor } from "./byte-cursor.ts";
import { OPCODE } from "./opcodes.ts";
import type { PickleValue } from "./pickle-values.ts";

// Python's ints have no end; the longest one torch writes is its 10-byte magic number.
const MAX_INT_BYTES = 64;

/**
 * Reads what follows `opcode` at the cursor.
 *
 * @returns  undefined when the opcode is not a literal; then nothing was read
 * @throws   AppError `checkpoint.damaged`
 */
export function readLiteral(opcode: number, cursor: ByteCursor): PickleValue | undefined {
  switch (opcode) {
    case OPCODE.NONE:
      return null;
    case OPCODE.NEWTRUE:
      return true;
    case OPCODE.NEWFALSE:
      return false;
    case OPCODE.BININT:
      return cursor.int32();
    case OPCODE.BININT1:
      return cursor.uint8();
    case OPCODE.BININT2:
      return cursor.uint16();
    case OPCODE.LONG1:
      return readLong(cursor, cursor.uint8());
    case OPCODE.LONG4:
      return readLong(cursor, cursor.uint32());
    case OPCODE.BINFLOAT:
      return cursor.float64BigEndian();
    case OPCODE.SHORT_BINUNICODE:
      return cursor.utf8(cursor.uint8());
    case OPCODE.BINUNICODE:
      return cursor.utf8(cursor.uint32());
    case OPCODE.BINUNICODE8:
      return cursor.utf8(cursor.uint64());
    case OPCODE.SHORT_BINSTRING: // text as Python 2 wrote it
      return cursor.latin1(cursor.uint8());
    case OPCODE.BINSTRING:
      return cursor.latin1(cursor.uint32());
    case OPCODE.SHORT_BINBYTES:
      return cursor.bytes(cursor.uint8());
    case OPCODE.BINBYTES:
      return cursor.bytes(cursor.uint32());
    case OPCODE.BINBYTES8:
    case OPCODE.BYTEARRAY8:
      return cursor.bytes(cursor.uint64());
    default:
      return undefined;
  }
}

/** A signed little-endian int of `length` bytes. */
function readLong(cursor: ByteCursor, length: number): number | bigint {
  if (length > MAX_INT_BYTES) throw cursor.damagedHere(`an int of ${length} bytes`);
  let value = 0n;
  for (const byte of cursor.bytes(length).toReversed()) value = (value << 8n) | BigInt(byte);
  const signed = BigInt.asIntN(8 * length, value);
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}
