// Importance weights as the original's tool writes them: torch's zip container around a pickle of Python dicts with numpy
// scalars. The pickle is what Python itself writes of such dicts, byte by byte. Source: spec "6.2 File format".
import { type ZipMember, zipPieces } from "../../../files/zip-pieces.ts";
import type { ImportanceWeights } from "./importance-weights.ts";

const OP = {
  mark: "(",
  stop: ".",
  none: "N",
  bytes1: "K",
  int32: "J",
  text: "X",
  global: "c",
  emptyDict: "}",
  setItem: "s",
  setItems: "u",
  tuple: "t",
  tuple2: "\x86",
  tuple3: "\x87",
  reduce: "R",
  build: "b",
  true: "\x88",
  false: "\x89",
  put: "q",
  longPut: "r",
  get: "h",
  longGet: "j",
} as const;
const PROTOCOL_2 = "\x80\x02";
/** Python sets items of a dict in groups of so many. */
const ITEMS_AT_ONCE = 1000;

/** Pieces of a `.data` file. */
export function weightsArchive(weights: ImportanceWeights): Iterable<Uint8Array> {
  const member = (name: string, bytes: Uint8Array): ZipMember => ({ name: `weights/${name}`, pieces: () => [bytes] });
  return zipPieces([member("data.pkl", weightsPickle(weights)), member("version", Buffer.from("3\n"))]);
}

/** { mask name: { numpy.uint8 class: numpy.float64 share } }, pickle protocol 2. */
export function weightsPickle(weights: ImportanceWeights): Uint8Array {
  const pickle = new Pickle();
  pickle.dict(
    [...weights].map(([name, shares]) => () => {
      pickle.text(name);
      pickle.dict(
        [...shares].map(([id, share]) => () => {
          pickle.scalar("u1", "|", Uint8Array.of(id));
          pickle.scalar("f8", "<", new Uint8Array(Float64Array.of(share).buffer));
        }),
      );
    }),
  );
  return pickle.end();
}

class Pickle {
  /** A character a byte: joining text is far faster than joining a million arrays. */
  readonly #parts: string[] = [PROTOCOL_2];
  /** Places of what is pickled once and referred to from then on. */
  readonly #places = new Map<string, number>();
  #memoized = 0;

  end(): Uint8Array {
    this.#op(OP.stop);
    return Buffer.from(this.#parts.join(""), "latin1");
  }

  /** @param items  each pickles a key and its value */
  dict(items: readonly (() => void)[]): void {
    this.#op(OP.emptyDict);
    this.#memoize();
    if (items.length === 1) {
      items[0]?.();
      this.#op(OP.setItem);
      return;
    }
    // After a full group Python opens another one, even if nothing is left for it.
    for (let start = 0; start < items.length || (start > 0 && start === items.length); start += ITEMS_AT_ONCE) {
      this.#op(OP.mark);
      for (const item of items.slice(start, start + ITEMS_AT_ONCE)) item();
      this.#op(OP.setItems);
    }
  }

  text(text: string): void {
    const bytes = Buffer.from(text, "utf8").toString("latin1");
    this.#op(OP.text, uint32(bytes.length), bytes);
    this.#memoize();
  }

  /** numpy.core.multiarray.scalar(dtype, bytes) */
  scalar(type: string, byteOrder: string, bytes: Uint8Array): void {
    this.#once("scalar", () => this.#global("numpy.core.multiarray", "scalar"));
    this.#once(`dtype ${type}`, () => this.#dtype(type, byteOrder));
    const text = Buffer.from(bytes).toString("latin1");
    // Python has every single byte only once.
    if (text.length === 1) this.#once(`byte ${text}`, () => this.#latin1(text));
    else this.#latin1(text);
    this.#pair();
    this.#call();
  }

  #dtype(type: string, byteOrder: string): void {
    this.#once("dtype", () => this.#global("numpy", "dtype"));
    this.text(type);
    this.#op(OP.false, OP.true, OP.tuple3);
    this.#memoize();
    this.#call(`dtype ${type}`);
    this.#op(OP.mark, OP.bytes1, "\x03");
    this.text(byteOrder);
    const minusOne = uint32(0xffffffff);
    this.#op(OP.none, OP.none, OP.none, OP.int32, minusOne, OP.int32, minusOne, OP.bytes1, "\0", OP.tuple);
    this.#memoize();
    this.#op(OP.build);
  }

  /** Bytes, which protocol 2 has no opcode for: _codecs.encode(text, "latin1"). */
  #latin1(text: string): void {
    this.#once("encode", () => this.#global("_codecs", "encode"));
    this.text(text);
    this.#once("latin1", () => this.text("latin1"));
    this.#pair();
    this.#call();
  }

  #pair(): void {
    this.#op(OP.tuple2);
    this.#memoize();
  }

  /** @param name  to refer to the result by */
  #call(name?: string): void {
    this.#op(OP.reduce);
    if (name !== undefined) this.#places.set(name, this.#memoized);
    this.#memoize();
  }

  #global(module: string, name: string): void {
    this.#op(OP.global, `${module}\n${name}\n`);
    this.#memoize();
  }

  /** What was pickled before, or what pickles it now. A call gives itself its name; all else is what is memoized last. */
  #once(name: string, pickle: () => void): void {
    const place = this.#places.get(name);
    if (place !== undefined) {
      this.#place(OP.get, OP.longGet, place);
      return;
    }
    pickle();
    if (!this.#places.has(name)) this.#places.set(name, this.#memoized - 1);
  }

  #memoize(): void {
    this.#place(OP.put, OP.longPut, this.#memoized);
    this.#memoized += 1;
  }

  #place(short: string, long: string, place: number): void {
    if (place < 256) {
      this.#op(short, String.fromCharCode(place));
      return;
    }
    this.#op(long, uint32(place));
  }

  #op(...parts: readonly string[]): void {
    this.#parts.push(...parts);
  }
}

/** Four bytes, the lowest first. */
function uint32(value: number): string {
  return String.fromCharCode(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >>> 24) & 0xff);
}
