// Reading and writing whole files, and the sentences when that fails.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { outputErrorFrom } from "../../../src-main/files/output-error.ts";
import { readInputFile } from "../../../src-main/files/read-input-file.ts";
import {
  discardUnfinishedFiles,
  writeFileAtomically,
  writeFilesTogether,
} from "../../../src-main/files/write-file-atomically.ts";
import { BugError } from "../../../src-shared/contract/errors.ts";
import { temporaryFile, temporaryFolder } from "../../helpers/pictures.ts";

describe("readInputFile", () => {
  it("reads the bytes of a file", async () => {
    expect([...(await readInputFile(temporaryFile("a.bin", Uint8Array.of(1, 2, 3)), 3))]).toEqual([1, 2, 3]);
  });

  it("says that a file is not there, or is a folder", async () => {
    const folder = temporaryFolder();
    await expect(readInputFile(join(folder, "no.png"), 9)).rejects.toMatchObject({
      code: "input.missing",
      message: expect.stringContaining('no.png" is not there'),
    });
    await expect(readInputFile(folder, 1e9)).rejects.toMatchObject({ code: "input.unreadable" });
  });

  it("refuses a file longer than the limit", async () => {
    await expect(readInputFile(temporaryFile("a.bin", "1234"), 3)).rejects.toMatchObject({
      code: "input.unreadable",
      message: expect.stringContaining("4 bytes"),
    });
  });
});

describe("writeFileAtomically", () => {
  it("writes a new file, replaces an old one, and leaves nothing else in the folder", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "result.png");
    await writeFileAtomically(path, Uint8Array.of(1));
    await writeFileAtomically(path, Uint8Array.of(2, 3));
    expect([...readFileSync(path)]).toEqual([2, 3]);
    expect(readdirSync(folder)).toEqual(["result.png"]);
  });

  it("names the folder when it does not exist, and does not create it", async () => {
    const folder = join(temporaryFolder(), "missing");
    await expect(writeFileAtomically(join(folder, "a.png"), Uint8Array.of(1))).rejects.toMatchObject({
      code: "output.unwritable",
      message: expect.stringContaining(`the folder "${folder}" does not exist`),
    });
    expect(existsSync(folder)).toBe(false);
  });

  it("says when the folder is a file", async () => {
    await expect(writeFileAtomically(join(temporaryFile("a", ""), "b.png"), Uint8Array.of(1))).rejects.toMatchObject({
      code: "output.unwritable",
      message: expect.stringContaining("is not a folder"),
    });
  });

  it("removes its temporary file when the last step fails", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "taken"));
    writeFileSync(join(folder, "taken", "inside"), "");
    await expect(writeFileAtomically(join(folder, "taken"), Uint8Array.of(1))).rejects.toMatchObject({
      code: "output.unwritable",
    });
    expect(readdirSync(folder)).toEqual(["taken"]);
  });
});

describe("writing piece by piece", () => {
  it("joins the pieces", async () => {
    const path = join(temporaryFolder(), "weights.bin");
    await writeFileAtomically(path, [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]);
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
  });

  it("keeps the old file and removes the half when the disk fills up half way", async () => {
    const path = temporaryFile("weights.bin", "old");
    await expect(writeFileAtomically(path, breakingOff(systemError("ENOSPC")))).rejects.toMatchObject({
      code: "output.diskFull",
    });
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(dirname(path))).toEqual(["weights.bin"]);
  });

  it("passes on an error that is not the file system's", async () => {
    const bug = new BugError("no bytes");
    await expect(writeFileAtomically(join(temporaryFolder(), "a"), breakingOff(bug))).rejects.toBe(bug);
  });
});

describe("writeFilesTogether", () => {
  it("writes all files, or none when one fails", async () => {
    const folder = temporaryFolder();
    const files = ["a", "b"].map((name) => ({ path: join(folder, name), content: Uint8Array.of(1) }));
    const failing = { path: join(folder, "c"), content: breakingOff(systemError("EDQUOT")) };
    await expect(writeFilesTogether([...files, failing])).rejects.toMatchObject({ code: "output.diskFull" });
    expect(readdirSync(folder)).toEqual([]);
    await writeFilesTogether(files);
    expect(readdirSync(folder)).toEqual(["a", "b"]);
  });

  it("takes back what has its name already when a later rename fails", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "b"));
    writeFileSync(join(folder, "b", "inside"), "");
    const files = ["a", "b"].map((name) => ({ path: join(folder, name), content: Uint8Array.of(1) }));
    await expect(writeFilesTogether(files)).rejects.toMatchObject({ code: "output.unwritable" });
    expect(readdirSync(folder)).toEqual(["b"]);
  });

  it("leaves nothing behind when the process must end in the middle", async () => {
    const folder = temporaryFolder();
    const endsInTheMiddle = (function* () {
      yield Uint8Array.of(1);
      expect(readdirSync(folder)).toHaveLength(1);
      discardUnfinishedFiles();
      expect(readdirSync(folder)).toEqual([]);
      throw new Error("ended");
    })();
    await expect(writeFileAtomically(join(folder, "a"), endsInTheMiddle)).rejects.toThrow("ended");
  });
});

function* breakingOff(error: Error): Generator<Uint8Array> {
  yield Uint8Array.of(1, 2, 3);
  throw error;
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe("outputErrorFrom", () => {
  it.each([
    ["ENOSPC", "output.diskFull", /no space is left.*"out"/],
    ["EDQUOT", "output.diskFull", /no space is left/],
    ["EACCES", "output.unwritable", /"out" may not be written/],
    ["EFBIG", "output.diskFull", /no file that large/],
    ["ENOENT", "output.unwritable", /does not exist/],
    ["EROFS", "output.unwritable", /read-only/],
    ["EIO", "output.unwritable", /reported EIO/],
  ])("turns %s into %s", (systemCode, code, sentence) => {
    const cause = systemError(systemCode);
    expect(outputErrorFrom(join("out", "a.png"), cause)).toMatchObject({
      code,
      cause,
      message: expect.stringMatching(sentence),
    });
  });
});
