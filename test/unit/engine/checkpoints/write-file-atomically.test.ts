// What the file system refuses, said in the user's terms.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { outputError, writeFileAtomically } from "../../../../src-main/engine/checkpoints/write-file-atomically.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-write-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

test.each([
  ["ENOSPC", "output.diskFull"],
  ["EDQUOT", "output.diskFull"],
  ["EACCES", "output.unwritable"],
  ["ENOENT", "output.unwritable"],
  ["EROFS", "output.unwritable"],
])("%s becomes %s", (code, expected) => {
  const cause = Object.assign(new Error("system"), { code });
  expect(outputError("out/weights.bin", cause)).toMatchObject({ code: expected, cause });
});

test("a failure half way keeps the old file and removes the half", async () => {
  const path = join(FOLDER, "weights.bin");
  writeFileSync(path, "old");
  function* chunks() {
    yield Uint8Array.of(1, 2, 3);
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  }
  await expect(writeFileAtomically(path, chunks())).rejects.toMatchObject({ code: "output.diskFull" });
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(FOLDER)).toEqual(["weights.bin"]);
});
