// The zip directory is believed only as far as it agrees with the file.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readZipDirectory, readZipMember } from "../../../../../src-main/engine/checkpoints/zip/read-zip.ts";
import { zipBytes } from "../../../../helpers/write-zip.ts";

const MEMBERS = new Map([
  ["folder/a", Buffer.from("first")],
  ["folder/b", Buffer.from("the second one")],
]);
const DIRECTORY_MARK = Buffer.from("PK\x01\x02", "latin1");

function contents(bytes: Uint8Array): Map<string, Buffer> {
  const directory = readZipDirectory("x.pth", bytes);
  return new Map([...directory].map(([name, member]) => [name, Buffer.from(readZipMember("x.pth", bytes, member))]));
}

test("gives back any members, stored or deflated, in order", () => {
  const options = fc.record({
    isDeflated: fc.boolean(),
    hasDataDescriptors: fc.boolean(),
    isZip64: fc.boolean(),
    alignment: fc.constantFrom(1, 8, 64),
  });
  const members = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.uint8Array({ maxLength: 100 })), {
    selector: ([name]) => name,
    maxLength: 8,
  });
  fc.assert(
    fc.property(members, options, (entries, chosen) => {
      const expected = new Map(entries.map(([name, bytes]) => [name, Buffer.from(bytes)]));
      expect(contents(zipBytes(expected, chosen))).toEqual(expected);
    }),
  );
});

test("finds the directory before a comment", () => {
  const bytes = Buffer.concat([zipBytes(MEMBERS), Buffer.from("hello")]);
  bytes.writeUInt16LE(5, bytes.length - 5 - 2);
  expect(contents(new Uint8Array(bytes))).toEqual(MEMBERS);
});

describe("refuses", () => {
  const second = (bytes: Buffer) => bytes.lastIndexOf(DIRECTORY_MARK);
  const end = (bytes: Buffer) => bytes.length - 22;

  test.each<[string, string, RegExp, (bytes: Buffer) => void]>([
    [
      "a member outside of the file",
      "checkpoint.damaged",
      /"folder\/b" has no header/,
      (b) => b.writeUInt32LE(9e6, second(b) + 42),
    ],
    [
      "a member that overlaps another",
      "checkpoint.damaged",
      /overlaps/,
      (b) => {
        // Both sizes of the first member now reach into the second.
        const first = b.indexOf(DIRECTORY_MARK);
        b.writeUInt32LE(30, first + 20);
        b.writeUInt32LE(30, first + 24);
      },
    ],
    [
      "a member longer than the file",
      "checkpoint.damaged",
      /said to have 5000 bytes/,
      (b) => {
        b.writeUInt32LE(5000, second(b) + 20);
        b.writeUInt32LE(5000, second(b) + 24);
      },
    ],
    [
      "two members of one name",
      "checkpoint.damaged",
      /"folder\/a" is there twice/,
      (b) => {
        b.write("a", second(b) + 46 + 7);
        b.write("a", b.indexOf("folder/b") + 7);
      },
    ],
    [
      "another name in the header",
      "checkpoint.damaged",
      /another name/,
      (b) => b.write("z", b.indexOf("folder/b") + 7),
    ],
    [
      "stored sizes that differ",
      "checkpoint.damaged",
      /cannot hold 15 bytes in 14/,
      (b) => b.writeUInt32LE(15, second(b) + 24),
    ],
    ["encryption", "checkpoint.format", /"folder\/b" is encrypted/, (b) => b.writeUInt16LE(1, second(b) + 8)],
    [
      "a compression not read",
      "checkpoint.format",
      /compression method 12/,
      (b) => b.writeUInt16LE(12, second(b) + 10),
    ],
    [
      "a directory outside of the file",
      "checkpoint.damaged",
      /lies outside/,
      (b) => b.writeUInt32LE(5000, end(b) + 16),
    ],
    [
      "more members than there is room for",
      "checkpoint.damaged",
      /promises 9 members/,
      (b) => b.writeUInt16LE(9, end(b) + 10),
    ],
    ["a missing directory", "checkpoint.damaged", /incomplete download/, (b) => b.write("XX", end(b))],
  ])("%s", (_, code, message, change) => {
    const bytes = Buffer.from(zipBytes(MEMBERS));
    change(bytes);
    expectError(() => contents(new Uint8Array(bytes)), code, message);
  });

  test("a deflated member of another length than promised", () => {
    const bytes = Buffer.from(zipBytes(MEMBERS, { isDeflated: true }));
    bytes.writeUInt32LE(3, bytes.lastIndexOf(DIRECTORY_MARK) + 24);
    expectError(() => contents(new Uint8Array(bytes)), "checkpoint.damaged", /"folder\/b" does not unpack/);
    bytes.writeUInt32LE(99, bytes.lastIndexOf(DIRECTORY_MARK) + 24);
    expectError(() => contents(new Uint8Array(bytes)), "checkpoint.damaged", /unpacks to 14 bytes, 99 promised/);
  });

  test("a small file that would unpack to gigabytes", () => {
    const bytes = Buffer.from(zipBytes(new Map([["zeros", new Uint8Array(400_000_000)]]), { isDeflated: true }));
    expectError(() => contents(new Uint8Array(bytes)), "checkpoint.damaged", /unpack to 400000000/);
  });
});

function expectError(action: () => unknown, code: string, message: RegExp): void {
  expect(action).toThrow(expect.objectContaining({ name: "AppError", code, message: expect.stringMatching(message) }));
}
