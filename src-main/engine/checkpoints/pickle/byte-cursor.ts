// Little steps through bytes that may end anywhere: every read is checked against the end.
import type { AppError } from "../../../../src-shared/contract/errors.ts";
import { damaged } from "../checkpoint-error.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LATIN1 = new TextDecoder("latin1");

/** Reads `bytes` from `start` up to `end`; all positions are offsets into `bytes`. */
export class ByteCursor {
  position: number;
  readonly end: number;
  readonly fileName: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(fileName: string, bytes: Uint8Array, start: number, end: number) {
    this.fileName = fileName;
    this.position = start;
    this.end = end;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A length or count; one beyond 2^53 becomes inexact, and is then too long for any file anyway. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  /** The number format of BINFLOAT, the one big-endian field of a pickle. */
  float64BigEndian(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  utf8(length: number): string {
    const start = this.position;
    const bytes = this.bytes(length);
    try {
      return UTF8.decode(bytes);
    } catch (error) {
      throw damaged(this.fileName, `the text at byte ${start} is not UTF-8`, error);
    }
  }

  latin1(length: number): string {
    return LATIN1.decode(this.bytes(length));
  }

  /** Text up to the next line feed, which is skipped; at most `maxLength` bytes. */
  line(maxLength: number): string {
    const start = this.position;
    const limit = Math.min(this.end, start + maxLength);
    const feed = this.#bytes.subarray(start, limit).indexOf(0x0a);
    if (feed < 0) throw damaged(this.fileName, `the name at byte ${start} has no end`);
    const text = this.utf8(feed);
    this.position += 1;
    return text;
  }

  /** An error that says where the cursor stands. */
  damagedHere(what: string): AppError {
    return damaged(this.fileName, `${what} at byte ${this.position}`);
  }

  #advance(length: number): number {
    const start = this.position;
    if (!(length <= this.end - start)) {
      throw damaged(this.fileName, `${length} bytes expected at byte ${start}, where ${this.end - start} are left`);
    }
    this.position = start + length;
    return start;
  }
}
