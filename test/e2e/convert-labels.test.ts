// `acclimate convert-labels`, as a shell runs it.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import { readStatistics } from "../../src-main/engine/methods/entropy-balancing/statistics-files.ts";
import { DA_SAC_FIXTURES } from "../helpers/fixtures-root.ts";
import { runCli } from "../helpers/run-cli.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-labels-"));

beforeAll(() => {
  mkdirSync(join(FOLDER, "game/labels/sub"), { recursive: true });
  const file = (name: string) => join(DA_SAC_FIXTURES, "H-metrics", name);
  copyFileSync(file("conversion_gta_input.png"), join(FOLDER, "game/labels/sub/00001.png"));
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

it("keeps names and subfolders, and says where the files are", async () => {
  const { code, stdout, stderr } = await runCli(["convert-labels", "gta", "game/labels", "game/labels_cs"], FOLDER);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '"game/labels_cs": 1 label file.\n', stderr: "" });
  expect(existsSync(join(FOLDER, "game/labels_cs/sub/00001.png"))).toBe(true);
});

it("counts the pixels of each class for rare class sampling, where it is asked to", async () => {
  const args = ["convert-labels", "gta", "game/labels", "game/labels_cs", "--statistics", "game"];
  const { code, stdout } = await runCli(args, FOLDER);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: '"game/labels_cs": 1 label file.\n"game": statistics of 1 label file.\n',
  });
  const [statistics] = await readStatistics(join(FOLDER, "game/sample_class_stats.json"));
  const { data } = await decodeLabelMap(join(FOLDER, "game/labels_cs/sub/00001.png"));
  const counted = [...(statistics?.pixels ?? [])].reduce((sum, [, count]) => sum + count, 0);
  expect(counted).toBe(data.filter((id) => id !== 255).length);
  expect(counted).toBeGreaterThan(0);
});

it.each([
  [["gta", "game/labels", "game/labels"], 2, "lies in the folder that is converted"],
  [["gta", "game/labels", "game/labels/cs"], 2, "lies in the folder that is converted"],
  [["cs", "game/labels", "out"], 3, 'holds no label files of "cs"'],
  [["kitti", "game/labels", "out"], 2, "cs, gta, synthia"],
  [["gta", "nowhere", "out"], 3, "is not there"],
])("refuses %j in a sentence", async (args, code, words) => {
  const result = await runCli(["convert-labels", ...args], FOLDER);
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(words);
  expect(existsSync(join(FOLDER, "out"))).toBe(false);
});
