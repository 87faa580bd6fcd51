// `acclimate tune`: settings searched with labels and without, stopped and gone on with, the winner stored in a checkpoint.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RankedSetting, TuningResult } from "../../src-shared/contract/tuning.ts";
import { ended, runCli, startCli } from "../helpers/run-cli.ts";
import { writeTinyCheckpoint } from "../helpers/tiny-checkpoint.ts";
import { until } from "../helpers/until.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-tune-"));
const CPU = ["--checkpoint", "tiny.safetensors", "--provider", "cpu", "--threads", "1"];
/** Two alphas and two rates, of each run 1 and 2 iterations. */
const VALUES = ["--alpha", "stored,0.5", "--base-lr", "0.01,0.1", "--num-epochs", "1,2", "--threshold", "0"];
const SMALL = [...CPU, ...VALUES, "--scales", "0.5", "--resnet-layers", "1,2"];
const IMAGE = ["tune", "streets/fog/images/000.png", ...SMALL];

interface Document extends TuningResult {
  readonly plan: { readonly criterion: string };
  readonly images: readonly string[];
  readonly winner: RankedSetting | null;
}

beforeAll(async () => {
  await writeTinyCheckpoint(join(FOLDER, "tiny.safetensors"));
  const made = await runCli(
    ["sample", "--output", "streets", "--size", "64x32", "--count", "2", "--seed", "3"],
    FOLDER,
  );
  expect(made).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

async function jsonOf(...args: string[]): Promise<Document> {
  const { code, stdout, stderr } = await runCli([...args, "--json"], FOLDER);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

test("without labels an image is tuned on by the documented criterion, and the ranking comes as a table and as JSON", async () => {
  const whole = await jsonOf(...IMAGE, "--output", "whole");
  expect(whole).toMatchObject({ plan: { criterion: "informationMaximization" }, images: ["000.png"], failed: 0 });
  expect(whole.ranking.every(({ miou }) => miou === null)).toBe(true);
  expect(new Set(whole.ranking.map(({ parameters }) => parameters.numEpochs))).toEqual(new Set([0, 1, 2]));
  expect(whole.winner).toEqual(whole.ranking.find(({ collapsed }) => collapsed === 0) ?? null);
  expect(JSON.parse(readFileSync(join(FOLDER, "whole", "ranking.json"), "utf8"))).toEqual(whole);
  const { stdout, stderr } = await runCli([...IMAGE, "--output", "whole"], FOLDER);
  expect(stdout).toMatch(/^setting +information +collapsed\n/);
  expect(stderr).toContain(`${whole.done} runs were there from an earlier start.`);
});

test("stopped by Ctrl-C it keeps its trials, and the same command goes on from there", async () => {
  // Far more combinations than can be tried before the signal comes.
  const rates = Array.from({ length: 20 }, (_, i) => 0.001 * (i + 1)).join(",");
  const alphas = Array.from({ length: 20 }, (_, i) => 0.05 * i).join(",");
  const many = ["--search", "grid", "--base-lr", rates, "--alpha", alphas, "--max-settings"];
  const command = [...IMAGE, "--output", "stopped", ...many];
  const child = startCli([...command, "400"], FOLDER);
  const stopped = ended(child);
  const trials = join(FOLDER, "stopped", "trials.jsonl");
  await until(() => lines(trials) >= 1);
  child.kill("SIGINT");
  const { code, stderr } = await stopped;
  expect({ code, stderr }).toEqual({
    code: 130,
    stderr: expect.stringContaining("the same command goes on from here"),
  });
  const kept = lines(trials);
  const resumed = await runCli([...command, String(kept + 1)], FOLDER);
  expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining(`${kept} runs were there`) });
  expect(lines(trials)).toBe(kept + 1);
});

test("with labels a data set is tuned on by mIoU, and the winner is stored with its alpha", async () => {
  const command = ["tune", "streets", "--split", "night", "--criterion", "miou", ...SMALL, "--output", "labelled"];
  const { code, stdout } = await runCli([...command, "--store-in", "tuned.safetensors"], FOLDER);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^setting +mIoU +gain +collapsed\n/);
  const document: Document = JSON.parse(readFileSync(join(FOLDER, "labelled", "ranking.json"), "utf8"));
  const { winner } = document;
  expect(document).toMatchObject({ images: ["night/images/000.png", "night/images/001.png"], failed: 0 });
  if (winner === null) throw new Error("nothing was chosen");
  expect(winner.collapsed).toBe(0);
  const best = Math.max(...document.ranking.flatMap(({ miou, collapsed }) => (collapsed === 0 ? (miou ?? 0) : [])));
  expect(winner.miou).toBe(best);

  const inspected = await runCli(["inspect", "tuned.safetensors", "--json"], FOLDER);
  const { alpha, ...parameters } = winner.parameters;
  expect(JSON.parse(inspected.stdout)).toMatchObject({
    checkpoint: { alpha: alpha ?? expect.any(Number) },
    recommended: { parameters, foundOn: expect.stringContaining("by pooled mean IoU") },
  });
  const text = await runCli(["inspect", "tuned.safetensors"], FOLDER);
  expect(text.stdout).toMatch(/^recommended +.*\S/m);
});

test("what collapsed is said so and never chosen, whatever its figures", async () => {
  const wild = ["--base-lr", "1000", "--num-epochs", "2", "--alpha", "stored", "--threshold", "0"];
  const rest = ["--scales", "0.5", "--resnet-layers", "none", "--criterion", "entropy"];
  const command = ["tune", "streets/rain/images", ...CPU, ...wild, ...rest, "--output", "wild"];
  const { stdout } = await runCli(command, FOLDER);
  const document: Document = JSON.parse(readFileSync(join(FOLDER, "wild", "ranking.json"), "utf8"));
  expect(document.ranking.some(({ collapsed }) => collapsed > 0)).toBe(true);
  expect(stdout).toContain("are never chosen");
  expect(document.winner?.collapsed).toBe(0);
});

test("refuses what can't be judged, or is not there, before anything is computed", async () => {
  const byLabels = await runCli([...IMAGE, "--criterion", "miou"], FOLDER);
  expect(byLabels).toMatchObject({ code: 2, stderr: expect.stringContaining("miou needs labels") });
  const unknown = await runCli(["tune", "streets", ...SMALL, "--only", "fog/images/7.png"], FOLDER);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('no image is called "fog/images/7.png"') });
  const other = await runCli([...IMAGE, "--num-epochs", "3", "--output", "whole"], FOLDER);
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining("name another folder") });
});

test("a data set with labels and no option of auto-tune is evaluated once a combination", async () => {
  const grid = ["--split", "fog", "--scales", "0.5", "--base-lr", "0.01,0.02", "--num-epochs", "1"];
  const command = ["tune", "streets", ...CPU, ...grid, "--output", "grid", "--store-in", "grid.safetensors", "--json"];
  const { code, stdout } = await runCli(command, FOLDER);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).map(({ name }: { name: string }) => name)).toEqual([
    "lr-0.01_iterations-1_threshold-0.7",
    "lr-0.02_iterations-1_threshold-0.7",
  ]);
  const { recommended } = JSON.parse((await runCli(["inspect", "grid.safetensors", "--json"], FOLDER)).stdout);
  expect(recommended).toMatchObject({ parameters: { numEpochs: 1, scales: [0.5] } });
});

function lines(path: string): number {
  try {
    return readFileSync(path, "utf8").split("\n").length - 1;
  } catch {
    return 0; // not yet
  }
}
