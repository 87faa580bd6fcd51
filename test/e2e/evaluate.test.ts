// `acclimate evaluate`: killed and resumed, divided and joined, in one process or several, the figures are the same bytes.
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evaluationSummarySchema } from "../../src-shared/contract/evaluation.ts";
import { ended, runCli, startCli } from "../helpers/run-cli.ts";
import { writeTinyCheckpoint } from "../helpers/tiny-checkpoint.ts";
import { until } from "../helpers/until.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-evaluate-"));
const METHOD = ["--method", "adapt", "--scales", "1", "--num-epochs", "1"];
const COMMON = ["evaluate", "streets", "--checkpoint", "tiny.safetensors", "--provider", "cpu", ...METHOD];

beforeAll(async () => {
  await writeTinyCheckpoint(join(FOLDER, "tiny.safetensors"));
  await runCli(["sample", "--output", "streets", "--size", "64x32", "--count", "2", "--seed", "3"], FOLDER);
  expect(await runCli([...COMMON, "--threads", "1", "--output", "whole"], FOLDER)).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

/** The figures, without what says where and how they were computed. */
function figures(folder: string): string {
  const { summary } = JSON.parse(readFileSync(join(FOLDER, folder, "summary.json"), "utf8"));
  return JSON.stringify(evaluationSummarySchema.parse(summary));
}

test("prints each figure with what it is, and writes a record of every image", async () => {
  const { code, stdout } = await runCli([...COMMON, "--threads", "1", "--output", "whole"], FOLDER);
  expect(code).toBe(0);
  expect(stdout).toContain("Pooled mean IoU: one confusion matrix over the pixels of all images");
  expect(stdout).toContain('8 images (8 with labels), records and figures in "whole".');
  expect(
    readFileSync(join(FOLDER, "whole", "images.jsonl"), "utf8")
      .trim()
      .split("\n"),
  ).toHaveLength(8);
});

test("has figures of each domain, and compares all methods by them in one go", async () => {
  const whole = await runCli([...COMMON, "--threads", "1", "--output", "whole", "--json"], FOLDER);
  const { recipe, domains } = JSON.parse(whole.stdout);
  expect(recipe).toEqual({ name: "published", foundOn: null, given: ["scales", "numEpochs"] });
  const names = ["clear", "fog", "night", "rain"];
  expect(domains).toMatchObject(names.map((name) => ({ name, images: 2, labelled: 2, miou: expect.any(Number) })));
  const command = [...COMMON, "--threads", "1", "--split", "fog", "--compare", "--output", "all"];
  const text = await runCli(command, FOLDER);
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/^mIoU in percent +fog +all together\nSource statistics only \(alpha 0\) +\d/);
  const { methods } = JSON.parse((await runCli([...command, "--json"], FOLDER)).stdout);
  const compared = methods.map(({ name, config }: { name: string; config: object }) => ({ name, ...config }));
  expect(compared).toMatchObject([
    { name: "source", method: "predict", alpha: 0 },
    { name: "predict", method: "predict", alpha: null },
    { name: "tta", method: "tta", scales: [1] },
    { name: "adapt-published", method: "adapt", scales: [1], numEpochs: 1 },
  ]);
  const [, , , adapted] = methods;
  const alone = domains.find(({ name }: { name: string }) => name === "fog");
  expect(adapted.summary.domains).toEqual([alone]);
});

test("killed in the middle and started again, it gives the same figures", async () => {
  const command = [...COMMON, "--threads", "1", "--output", "killed"];
  const child = startCli(command, FOLDER);
  const records = join(FOLDER, "killed", "images.jsonl");
  await until(() => lines(records) >= 2);
  child.kill("SIGKILL");
  await ended(child);
  // The launcher is gone at once; its child, which holds the output open, may have finished one more line. A line cut in the
  // middle is the worst that can be.
  truncateSync(records, readFileSync(records).length - 20);
  const { code, stderr } = await runCli(command, FOLDER);
  expect({ code, resumed: /\d+ images were there from an earlier run/.test(stderr) }).toEqual({
    code: 0,
    resumed: true,
  });
  expect(figures("killed")).toBe(figures("whole"));
});

describe("divided", () => {
  test("into shards and joined, it gives the same figures", async () => {
    for (const i of [1, 2, 3]) {
      await runCli([...COMMON, "--threads", "1", "--shard", `${i}/3`, "--output", `part-${i}`], FOLDER);
    }
    const { code } = await runCli(["evaluate", "merge", "part-3", "part-1", "part-2", "--output", "joined"], FOLDER);
    expect(code).toBe(0);
    expect(figures("joined")).toBe(figures("whole"));
  });

  test("among workers, it gives the same figures", async () => {
    const { code } = await runCli([...COMMON, "--threads", "1", "--workers", "2", "--output", "workers"], FOLDER);
    expect(code).toBe(0);
    expect(figures("workers")).toBe(figures("whole"));
  });
});

describe("is refused in one sentence:", () => {
  test.each([
    ["an unknown split", ["--split", "snow"], 'has no images in the split "snow"; it has clear, fog, night, rain'],
    ["a shard that is none", ["--shard", "3/2"], '--shard "3/2" is not a shard'],
    ["workers of a shard", ["--shard", "1/2", "--workers", "2"], "leave out --shard, or --workers"],
  ])("%s", async (_, more, sentence) => {
    const { code, stderr } = await runCli([...COMMON, ...more, "--output", "refused"], FOLDER);
    expect(code).not.toBe(0);
    expect(stderr).toContain(sentence);
  });

  test("another evaluation in the same folder", async () => {
    const { code, stderr } = await runCli([...COMMON, "--base-lr", "0.1", "--output", "whole"], FOLDER);
    expect(code).not.toBe(0);
    expect(stderr).toContain("holds another evaluation (it differs in baseLr)");
  });
});

test("an image that can't be read is recorded and the others are scored", async () => {
  await runCli(["sample", "--output", "broken", "--size", "64x32", "--count", "1", "--seed", "3"], FOLDER);
  writeFileSync(join(FOLDER, "broken", "fog", "images", "000.png"), "no image");
  const command = [
    "evaluate",
    "broken",
    "--checkpoint",
    "tiny.safetensors",
    "--method",
    "predict",
    "--provider",
    "cpu",
  ];
  const { code, stderr, stdout } = await runCli([...command, "--output", "some"], FOLDER);
  expect(code).toBe(5);
  expect(stderr).toContain("000.png");
  expect(stdout).toContain("3 images (3 with labels, 1 failed)");
});

function lines(path: string): number {
  try {
    return readFileSync(path, "utf8").split("\n").length - 1;
  } catch {
    return 0;
  }
}
