// `acclimate stylize`, as a shell runs it.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { encodeRgbPng } from "../../src-main/engine/images/encode-png.ts";
import { CISS_FIXTURES } from "../helpers/fixtures-root.ts";
import { runCli } from "../helpers/run-cli.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-style-"));

beforeAll(async () => {
  mkdirSync(join(FOLDER, "days"));
  const file = (name: string) => join(CISS_FIXTURES, "C-pieces/style", name);
  copyFileSync(file("fda1_source.png"), join(FOLDER, "days/day.png"));
  copyFileSync(file("fda1_target.png"), join(FOLDER, "night.png"));
  const grey = { width: 16, height: 16, data: Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3) % 256) };
  writeFileSync(join(FOLDER, "grey.png"), await encodeRgbPng(grey));
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

it("writes images in the style of another, and says where they are", async () => {
  const args = ["stylize", "days", "--target", "night.png", "--beta", "0.1", "--output", "out"];
  const { code, stdout, stderr } = await runCli(args, FOLDER);
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: '"out": 1 image in the style of "night.png".\n',
    stderr: "",
  });
  const { width, height, data } = await decodeImage(join(FOLDER, "out/day.png"));
  expect([width, height]).toEqual([32, 24]);
  // The style's own means, but for what is clipped. Source: case.json of the fixture.
  const red = data.filter((_, i) => i % 3 === 0).reduce((sum, value) => sum + value, 0) / (width * height);
  expect(Math.abs(red - 34.095)).toBeLessThan(3);
});

it("says that it takes the middle of a target of other proportions, and gives a grey image what light it can", async () => {
  const { code, stderr } = await runCli(["stylize", "grey.png", "--target", "night.png", "--output", "square"], FOLDER);
  const words = '"night.png" has other proportions than "grey.png"; its middle is taken for the style.\n';
  expect({ code, stderr }).toEqual({ code: 0, stderr: words });
  const { width, height } = await decodeImage(join(FOLDER, "square/grey.png"));
  expect([width, height]).toEqual([16, 16]);
});

it.each([
  [["grey.png", "--target", "night.png", "--style", "reinhard"], 3, '"grey.png" keeps its style: The image is grey'],
  [["grey.png", "--target", "night.png", "--beta", "0.5"], 2, "--beta: beta is less than 0.5"],
  [["grey.png", "--target", "night.png", "--style", "reinhard", "--beta", "0.1"], 2, "--beta: a transfer of colours"],
  [["grey.png", "--target", "nowhere.png"], 3, "is not there"],
  [["grey.png"], 2, "--target: name the image whose style is taken"],
])("refuses %j in a sentence", async (args, code, words) => {
  const result = await runCli(["stylize", ...args, "--output", "refused"], FOLDER);
  expect(result.stderr).toContain(words);
  expect(result.code).toBe(code);
  expect(existsSync(join(FOLDER, "refused/grey.png"))).toBe(false);
});
