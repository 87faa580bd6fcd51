// The zip writer, read back by our own reader and by the system's programs.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readZipDirectory, readZipMember } from "../../../src-main/engine/checkpoints/zip/read-zip.ts";
import { type ZipMember, zipPieces } from "../../../src-main/files/zip-pieces.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "acclimate-zip-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const member = (name: string, ...pieces: Uint8Array[]): ZipMember => ({ name, pieces: () => pieces });
const archive = (members: ZipMember[]): Buffer => Buffer.concat([...zipPieces(members)]);

function readBack(bytes: Uint8Array): Map<string, Uint8Array> {
  const directory = readZipDirectory("test.zip", bytes);
  return new Map([...directory].map(([name, entry]) => [name, readZipMember("test.zip", bytes, entry)]));
}

const hasProgram = (name: string, flag: string): boolean => spawnSync(name, [flag]).status === 0;

describe("zipPieces", () => {
  test("keeps names, order and bytes", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.string({ minLength: 1, unit: "grapheme" }).filter((name) => name.isWellFormed()),
          {
            maxLength: 8,
          },
        ),
        fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 4 }),
        (names, pieces) => {
          const back = readBack(archive(names.map((name) => member(name, ...pieces))));
          expect([...back.keys()]).toEqual(names);
          for (const bytes of back.values()) expect(Buffer.from(bytes)).toEqual(Buffer.concat(pieces));
        },
      ),
    );
  });

  test("writes the same bytes each time", () => {
    const members = [member("a/b.txt", text("one")), member("c.txt", text("two"))];
    expect(archive(members).equals(archive(members))).toBe(true);
  });

  test("counts more than 65,535 members", () => {
    const count = 70_000;
    const directory = readZipDirectory(
      "many.zip",
      archive(Array.from({ length: count }, (_, i) => member(`${i}`, text("x")))),
    );
    expect(directory.size).toBe(count);
  });

  test.skipIf(!hasProgram("unzip", "-v"))("passes unzip's own test, subfolders and other alphabets included", () => {
    const path = join(folder, "checked.zip");
    writeFileSync(path, archive([member("fog/über 夜.txt", text("night")), member("empty"), member("b", text("b"))]));
    expect(execFileSync("unzip", ["-t", path], { encoding: "utf8" })).toContain("No errors detected");
    expect(execFileSync("unzip", ["-p", path, "b"], { encoding: "utf8" })).toBe("b");
  });

  test.skipIf(!hasProgram("python3", "--version"))("passes Python's zipfile", () => {
    const path = join(folder, "python.zip");
    writeFileSync(path, archive([member("fog/über 夜.txt", text("night")), member("empty")]));
    const script =
      "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.read('fog/über 夜.txt'))";
    const answer = execFileSync("python3", ["-c", script, path], { encoding: "utf8" });
    expect(answer).toBe("None b'night'\n");
  });

  test("a member of more than 4 GiB gets 64-bit fields", () => {
    // The bytes themselves are not kept: a piece of 64 MiB is repeated 65 times.
    const piece = new Uint8Array(2 ** 26);
    const large: ZipMember = { name: "large", pieces: () => Array.from({ length: 65 }, () => piece) };
    const headers = [...zipPieces([large, member("behind", text("x"))])].filter((bytes) => bytes !== piece);
    const [local, , , directory] = headers as [Buffer, Buffer, Buffer, Buffer];
    const size = BigInt(65 * 2 ** 26);
    expect([local.readUInt32LE(18), local.readBigUInt64LE(30 + 5 + 4), local.readBigUInt64LE(30 + 5 + 12)]).toEqual([
      0xffffffff,
      size,
      size,
    ]);
    const behind = 46 + 5 + 4 + 16; // second entry of the directory
    expect(directory.readUInt32LE(behind + 42)).toBe(0xffffffff);
    expect(directory.readBigUInt64LE(behind + 46 + 6 + 4)).toBe(size + BigInt(local.length));
  });
});
