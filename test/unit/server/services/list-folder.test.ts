// Folders to choose from.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listFolder } from "../../../../src-main/server/services/list-folder.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "acclimate-list-"));
  for (const name of ["b", "a10", "a9"]) mkdirSync(join(folder, name));
  for (const name of ["x.PNG", "m.pth", "w.safetensors", "notes.txt", ".hidden"]) writeFileSync(join(folder, name), "");
  symlinkSync(join(folder, "b"), join(folder, "link"));
  symlinkSync(join(folder, "nowhere"), join(folder, "dangling.jpg"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("folders come first, in the order people count; links to folders are folders", async () => {
  const { entries, parent, isCut } = await listFolder(folder);
  expect(entries.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    "a9 folder",
    "a10 folder",
    "b folder",
    "link folder",
    "dangling.jpg image",
    "m.pth checkpoint",
    "notes.txt file",
    "w.safetensors checkpoint",
    "x.PNG image",
  ]);
  expect([parent, isCut]).toEqual([tmpdir(), false]);
});

test("the topmost folder has none above it", async () => {
  expect((await listFolder("/")).parent).toBeNull();
});

test("a very full folder is cut, and says so", async () => {
  const full = join(folder, "b", "full");
  mkdirSync(full);
  for (let i = 0; i < 2001; i += 1) writeFileSync(join(full, `${i}`), "");
  const { entries, isCut } = await listFolder(full);
  expect([entries.length, isCut]).toEqual([2000, true]);
});

test.each([
  ["nowhere", "input.missing", "is not there; check the path."],
  ["x.PNG", "input.unreadable", "is a file, not a folder; choose the folder it is in."],
])("%s is told in a sentence", async (name, code, sentence) => {
  await expect(listFolder(join(folder, name))).rejects.toMatchObject({
    code,
    message: expect.stringContaining(sentence),
  });
});

test("a path that begins nowhere is refused", async () => {
  await expect(listFolder("images")).rejects.toMatchObject({ code: "input.option" });
});
