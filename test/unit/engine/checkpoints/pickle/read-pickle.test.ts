// The pickle reader: what it reads, what it refuses, and that no sequence of opcodes makes it do anything else.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OPCODE } from "../../../../../src-main/engine/checkpoints/pickle/opcodes.ts";
import {
  OpaqueGlobal,
  OpaqueObject,
  PickleTuple,
  type PickleValue,
} from "../../../../../src-main/engine/checkpoints/pickle/pickle-values.ts";
import { readPickle } from "../../../../../src-main/engine/checkpoints/pickle/read-pickle.ts";
import { TORCH_PICKLE_RULES } from "../../../../../src-main/engine/checkpoints/torch/torch-globals.ts";
import { AppError } from "../../../../../src-shared/contract/errors.ts";
import { pickleBytes } from "../../../../helpers/write-pickle.ts";

function read(bytes: Uint8Array): PickleValue {
  return readPickle({ fileName: "x.pth", bytes, start: 0, end: bytes.length }, TORCH_PICKLE_RULES).value;
}

/** Opcodes written as latin1 text, the way Python's documentation shows them. */
function readText(pickle: string): PickleValue {
  return read(Buffer.from(pickle, "latin1"));
}

describe("data", () => {
  test.each<[string, string, PickleValue]>([
    ["a negative int", "J\xfe\xff\xff\xff.", -2],
    ["a long of no bytes", "\x8a\x00.", 0],
    ["a negative long", "\x8a\x01\xff.", -1],
    ["a long beyond 2^53", "\x8a\x08\x01\0\0\0\0\0\x20\0.", 2n ** 53n + 1n],
    ["a float", "G?\xf8\0\0\0\0\0\0.", 1.5],
    ["Python 2 text", "U\x01\xe4.", "ä"],
    ["UTF-8 text", "X\x02\0\0\0\xc3\xa4.", "ä"],
    ["a list with appended items", "](K\x01K\x02e.", [1, 2]],
    [
      "a dict",
      "}(K\x01\x88K\x02Nu.",
      new Map<PickleValue, PickleValue>([
        [1, true],
        [2, null],
      ]),
    ],
    ["nested tuples", "K\x01K\x02\x86\x85.", new PickleTuple([new PickleTuple([1, 2])])],
    ["a set", "\x8f(K\x01\x90.", [1]],
    ["a value recalled from the memo", "K\x07q\x000h\x00.", 7],
    ["a framed pickle of protocol 4", "\x80\x04\x95\x03\0\0\0\0\0\0\0K\x01.", 1],
  ])("reads %s", (_, pickle, expected) => {
    expect(readText(pickle)).toEqual(expected);
  });

  test("reads an ordered dict of pairs, as Python 2 wrote it", () => {
    const pairs = "](](K\x01K\x02e](K\x03K\x04ee";
    expect(readText(`ccollections\nOrderedDict\n${pairs}\x85R.`)).toEqual(
      new Map([
        [1, 2],
        [3, 4],
      ]),
    );
  });

  test("reads a list that holds itself", () => {
    const list = readText("]q\x00h\x00a.");
    expect(Array.isArray(list) && list[0] === list).toBe(true);
  });

  test("is the inverse of writing", () => {
    const plain = fc.letrec<{ value: PlainValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.double(),
        fc.integer(),
        fc.bigInt({ min: 2n ** 60n, max: 2n ** 100n }),
        fc.string({ unit: "grapheme" }),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
      ),
    })).value;
    fc.assert(
      fc.property(plain, (value) => {
        expect(read(pickleBytes(value))).toEqual(value);
      }),
    );
  });
});

/** What the test's writer and the reader have in common. */
type PlainValue = null | boolean | number | bigint | string | PlainValue[] | Map<string, PlainValue>;

describe("names that mean nothing here", () => {
  test.each<[string, string, number]>([
    ["cos\nsystem\n.", "os.system", 0],
    ["\x8c\x02os\x8c\x06system\x93.", "os.system", 12],
    ["c__builtin__\ngetattr\n.", "__builtin__.getattr", 0],
    ["c__proto__\nconstructor\n.", "__proto__.constructor", 0],
  ])("%j stay names", (pickle, name, offset) => {
    expect(readText(pickle)).toEqual(new OpaqueGlobal(name, offset));
  });

  test.each([
    ["a call", "cos\nsystem\nX\x02\0\0\0ls\x85R."],
    ["a new object", "cos\nsystem\nX\x02\0\0\0ls\x85\x81."],
    ["a new object with arguments by name", "cos\nsystem\nX\x02\0\0\0ls\x85}\x92."],
    ["an old class", "(cos\nsystem\nX\x02\0\0\0lso."],
    ["an old class by name", "(X\x02\0\0\0lsios\nsystem\n."],
  ])("%s of them is a placeholder with its arguments", (_, pickle) => {
    const value = readText(pickle);
    if (!(value instanceof OpaqueObject)) throw new Error("no placeholder");
    expect([value.global.name, value.args]).toEqual(["os.system", ["ls"]]);
  });

  test("entries, items and attributes stay with their placeholder, and what is called on it is one, too", () => {
    const object = readText("ca\nB\n)\x81K\x01K\x02sK\x03a}b.");
    if (!(object instanceof OpaqueObject)) throw new Error("no placeholder");
    expect([[...object.entries], object.items, object.state]).toEqual([[[1, 2]], [3], new Map()]);
    const called = readText("c__builtin__\ngetattr\nK\x01\x85R)R.");
    expect(called).toMatchObject({ global: { name: "__builtin__.getattr" } });
  });

  test("are counted by their objects", () => {
    const bytes = Buffer.from("(ca\nB\n)\x81ca\nB\n)\x81cx\nY\nl.", "latin1");
    const source = { fileName: "x.pth", bytes, start: 0, end: bytes.length };
    expect([...readPickle(source, TORCH_PICKLE_RULES).opaque]).toEqual([
      ["a.B", 2],
      ["x.Y", 0],
    ]);
  });

  test("have a limit", () => {
    const names = Array.from({ length: 10_001 }, (_, i) => `ca\nB${i}\n0`).join("");
    expectError(() => readText(`${names}N.`), "checkpoint.damaged", /more than the 10000 classes/);
  });
});

describe("refused by name", () => {
  test.each([
    ["(o.", /an object of no class/, "checkpoint.damaged"],
    ["\x82\x01.", /opcode EXT1/, "checkpoint.hostile"],
    ["K\x01)R.", /a call of something that is no function/, "checkpoint.hostile"],
    ["K\x01K\x02b.", /opcode BUILD/, "checkpoint.hostile"],
  ])("%j", (pickle, message, code) => {
    expectError(() => readText(pickle), code, message);
  });
});

describe("damaged", () => {
  test.each([
    ["", /1 bytes expected at byte 0, where 0 are left/],
    ["K\x01", /1 bytes expected at byte 2/],
    [".", /stack is empty/],
    ["\x86.", /stack is empty/],
    ["K\x01(0R.", /stack is empty/],
    ["K\x01(a.", /stack is empty/],
    ["t.", /a mark is missing/],
    ["h\x07.", /memo 7 is used before it is set/],
    ["X\xff\xff\xff\xffabc.", /4294967295 bytes expected/],
    ["\x8d\xff\xff\xff\xff\xff\xff\xff\xffabc.", /bytes expected at byte 9/],
    ["X\x01\0\0\0\xff.", /not UTF-8/],
    ["\x8b\xff\xff\xff\x7f.", /an int of 2147483647 bytes/],
    ["\x80\x09.", /protocol 9/],
    ["\x95\xff\0\0\0\0\0\0\0.", /frame of 255 bytes/],
    ["K\x01K\x02a.", /no list/],
    ["](K\x01K\x02u.", /no dict/],
    ["}(K\x01u.", /a key without a value/],
    ["cos", /the name at byte 1 has no end/],
    ["\xff.", /0xff is no pickle opcode/],
    ["K\x01Q.", /names no storage/],
    ["ctorch._utils\n_rebuild_tensor_v2\n)R.", /has no typed storage/],
    ["ccollections\nOrderedDict\nK\x01\x85R.", /made of something that is no list/],
  ])("%j", (pickle, message) => {
    expectError(() => readText(pickle), "checkpoint.damaged", message);
  });

  test("more opcodes than any network needs", () => {
    const bytes = new Uint8Array(3_000_000).fill(OPCODE.MARK);
    expectError(() => read(bytes), "checkpoint.damaged", /more than the 2000000 opcodes/);
  });

  test("calls that would copy one list over and over", () => {
    const list = `](${"](K\x01K\x01e".repeat(2000)}eq\x00`;
    const calls = "ccollections\nOrderedDict\nh\x00\x85R0".repeat(1000);
    expectError(() => readText(`${list}${calls}.`), "checkpoint.damaged", /far more entries/);
  });
});

test("any sequence of opcodes ends in a value or a clear error", () => {
  const argument = fc.oneof(fc.constant(""), fc.constantFrom("\x00", "\x01", "\x00\0\0\0", "\x01\0\0\0\0\0\0\0"));
  const names = fc.constantFrom(...[...TORCH_PICKLE_RULES.globals.keys()].map(globalText));
  const opcode = fc.constantFrom(...Object.values(OPCODE)).map((code) => String.fromCharCode(code));
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(opcode, argument).map((parts) => parts.join("")) },
    { weight: 1, arbitrary: names },
    {
      weight: 2,
      arbitrary: fc.constantFrom("K\x01", "X\x01\0\0\0a", "]", "}", "(", "\x85R", "\x86R", "q\x00", "h\x00"),
    },
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      try {
        readText(`${pieces.join("")}.`);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});

function globalText(fullName: string): string {
  const dot = fullName.lastIndexOf(".");
  return `c${fullName.slice(0, dot)}\n${fullName.slice(dot + 1)}\n`;
}

function expectError(action: () => unknown, code: string, message: RegExp): void {
  expect(action).toThrow(expect.objectContaining({ name: "AppError", code, message: expect.stringMatching(message) }));
}
