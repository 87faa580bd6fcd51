// `acclimate importance-weights`, as a shell runs it: from predictions, and from images with a checkpoint.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readWeightsFile } from "../../src-main/engine/methods/da-sac/weights-file.ts";
import { DA_SAC_FIXTURES } from "../helpers/fixtures-root.ts";
import { runCli } from "../helpers/run-cli.ts";
import { writeTinyCheckpoint } from "../helpers/tiny-checkpoint.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-weights-"));
const CPU = ["--provider", "cpu", "--threads", "1"];

beforeAll(async () => {
  await writeTinyCheckpoint(join(FOLDER, "tiny.safetensors"));
  await runCli(["sample", "--output", "streets", "--size", "64x32", "--count", "2", "--domain", "fog", "rain"], FOLDER);
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

it("writes the original's form of the original's predictions", async () => {
  const predictions = join(DA_SAC_FIXTURES, "G-importance", "predictions");
  const { code, stdout } = await runCli(["importance-weights", predictions, "--output", "w.data"], FOLDER);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '"w.data": shares of 19 classes over 6 images.\n' });
  const recorded = JSON.parse(readFileSync(join(DA_SAC_FIXTURES, "G-importance", "case.json"), "utf8"));
  const found = [...(await readWeightsFile(join(FOLDER, "w.data")))].map(([name, shares]) => [
    name,
    Object.fromEntries(shares),
  ]);
  expect(Object.fromEntries(found)).toEqual(recorded.weights);
});

it("gives the same from images as from what `predict` wrote", async () => {
  const direct = await runCli(
    ["importance-weights", "streets", "--checkpoint", "tiny.safetensors", ...CPU, "--output", "new/direct.json"],
    FOLDER,
  );
  expect(direct).toMatchObject({ code: 0, stdout: '"new/direct.json": shares of 19 classes over 4 images.\n' });
  await runCli(["predict", "streets", "--checkpoint", "tiny.safetensors", ...CPU, "--output", "predicted"], FOLDER);
  await runCli(["importance-weights", "predicted", "--output", "after.json"], FOLDER);
  const read = (name: string) => readFileSync(join(FOLDER, name), "utf8");
  expect(read("after.json")).toBe(read("new/direct.json"));
});

it.each([
  [["streets/fog/labels", "--output", "w.pth"], 2, "end in .data or .json"],
  [["nowhere", "--output", "w.json"], 3, "is not there"],
  [["streets", "predicted", "--output", "w.json"], 2, "Predictions lie in one folder"],
  [["streets/fog/images", "--output", "w.json"], 3, "holds colours, not class ids"],
])("refuses %j in a sentence and writes nothing", async (args, code, words) => {
  const result = await runCli(["importance-weights", ...args], FOLDER);
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(words);
  expect(existsSync(join(FOLDER, "w.json"))).toBe(false);
});
