// The command line on good input, with a tiny network on tiny streets.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSafetensors } from "../../src-main/engine/checkpoints/safetensors/read-safetensors.ts";
import { toFloat32 } from "../../src-main/engine/checkpoints/state-dict.ts";
import { argmaxLabels } from "../../src-main/engine/images/argmax.ts";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import { storeRecommended } from "../../src-main/engine/models/store-recommended.ts";
import { PUBLISHED_PARAMETERS } from "../../src-shared/contract/recommended-parameters.ts";
import { type RunResults, runResultsSchema } from "../../src-shared/contract/results.ts";
import { cityscapesIdFromTrainId } from "../../src-shared/labels/label-id-to-train-id.ts";
import { runCli } from "../helpers/run-cli.ts";
import { writeTinyCheckpoint } from "../helpers/tiny-checkpoint.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-cli-"));
const CPU = ["--checkpoint", "tiny.safetensors", "--provider", "cpu", "--threads", "1"];

beforeAll(async () => {
  await writeTinyCheckpoint(join(FOLDER, "tiny.safetensors"));
  const made = await runCli(
    ["sample", "--output", "streets", "--size", "64x32", "--count", "2", "--seed", "3"],
    FOLDER,
  );
  expect(made).toMatchObject({ code: 0, stdout: '8 images with labels written to "streets".\n' });
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

async function jsonRun(...args: string[]): Promise<RunResults> {
  const { code, stdout, stderr } = await runCli([...args, ...CPU, "--json"], FOLDER);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return runResultsSchema.parse(JSON.parse(stdout));
}

const numbers = async (path: string, name: string): Promise<Float32Array> => {
  const tensor = (await readSafetensors(join(FOLDER, path))).tensors.get(name);
  if (tensor === undefined) throw new Error(`no tensor ${name}`);
  expect(tensor.shape).toEqual([1, 19, 32, 64]);
  return toFloat32(tensor);
};

describe("sample", () => {
  it("writes the same images and labels for the same seed, and says what the ids mean", async () => {
    await runCli(
      ["sample", "--output", "again", "--size", "64x32", "--count", "1", "--seed", "3", "--domain", "rain"],
      FOLDER,
    );
    expect(readdirSync(join(FOLDER, "again")).sort()).toEqual(["README.md", "rain"]);
    for (const file of ["rain/images/000.png", "rain/labels/000.png"]) {
      expect(readFileSync(join(FOLDER, "again", file))).toEqual(readFileSync(join(FOLDER, "streets", file)));
    }
    expect(readFileSync(join(FOLDER, "again", "README.md"), "utf8")).toContain("| 18 | bicycle | 33 | 119, 11, 32 |");
  });
});

describe("adapt", () => {
  it("leaves five files an image, and results.json equal to what --json prints", async () => {
    const results = await jsonRun(
      "adapt",
      "streets/fog/images",
      "--labels",
      "streets/fog/labels",
      "--num-epochs",
      "2",
      "--output",
      "a",
    );
    expect(results.images.map(({ path }) => path)).toEqual([
      "streets/fog/images/000.png",
      "streets/fog/images/001.png",
    ]);
    expect(results).toMatchObject({
      command: "adapt",
      checkpoint: { arch: "deeplab", backbone: "resnet18", numClasses: 19, alpha: 0.1 },
      runtime: { name: "onnx", provider: "cpu", threads: 1 },
      config: { scales: [0.25, 0.5, 0.75], flips: true, threshold: 0.7, baseLr: 0.05, numEpochs: 2, alpha: null },
      failures: [],
      summary: { images: 2, labelled: 2, failed: 0, cancelled: false },
    });
    for (const image of results.images) {
      expect(image.losses).toHaveLength(2);
      expect(image.pseudoLabel?.perClass.reduce((sum, count) => sum + count, 0)).toBe(image.pseudoLabel?.kept);
      expect(image.before?.iou).toHaveLength(19);
    }
    const kinds = ["color.png", "labelIds.png", "losses.csv", "overlay.png", "trainIds.png"];
    const expected = ["000", "001"].flatMap((name) => kinds.map((kind) => `${name}_${kind}`));
    expect(readdirSync(join(FOLDER, "a"))).toEqual([...expected, "results.json"]);
    expect(JSON.parse(readFileSync(join(FOLDER, "a", "results.json"), "utf8"))).toEqual(results);
    expect(readFileSync(join(FOLDER, "a", "000_losses.csv"), "utf8")).toBe(
      `iteration,loss\n1,${results.images[0]?.losses[0]}\n2,${results.images[0]?.losses[1]}\n`,
    );
  });

  it("writes logits from before and after, whose best classes are the label files", async () => {
    const args = [
      "streets/fog/images/000.png",
      "--num-epochs",
      "1",
      "--output",
      "l",
      "--save-logits",
      "l/scores.safetensors",
    ];
    await jsonRun("adapt", ...args);
    const after = await numbers("l/scores.safetensors", "logits");
    expect(await numbers("l/scores.safetensors", "before_logits")).not.toEqual(after);
    const trainIds = await decodeLabelMap(join(FOLDER, "l", "000_trainIds.png"));
    expect(trainIds).toEqual(argmaxLabels(after, 19, 32, 64));
    const table = cityscapesIdFromTrainId(19);
    const labelIds = await decodeLabelMap(join(FOLDER, "l", "000_labelIds.png"));
    expect([...labelIds.data]).toEqual([...trainIds.data].map((id) => table[id]));
    expect(await decodeImage(join(FOLDER, "l", "000_overlay.png"))).toMatchObject({ width: 64, height: 32 });
  });

  it("follows what the checkpoint recommends, but for what is given, and says so", async () => {
    const parameters = { ...PUBLISHED_PARAMETERS, scales: [1], numEpochs: 1, baseLr: 0.01 };
    const foundOn = "Best of 12 on 40 other images.";
    await storeRecommended(
      join(FOLDER, "tiny.safetensors"),
      join(FOLDER, "advised.safetensors"),
      { method: "self-adaptation", parameters, foundOn },
      0.25,
    );
    const run = ["adapt", "streets/fog/images/000.png", "--checkpoint", "advised.safetensors", "--provider", "cpu"];
    const more = ["--base-lr", "0.02", "--threads", "1", "--output", "r"];
    const { code, stderr } = await runCli([...run, ...more], FOLDER);
    expect(code).toBe(0);
    expect(stderr).toContain(`Parameters: recommended by the checkpoint, but for --base-lr. ${foundOn}`);
    const results = runResultsSchema.parse(JSON.parse(readFileSync(join(FOLDER, "r", "results.json"), "utf8")));
    expect(results.config).toEqual({ ...parameters, baseLr: 0.02, alpha: null });
    expect(results.recipe).toEqual({ name: "recommended", foundOn, given: ["baseLr"] });
    const inspected = await runCli(["inspect", "advised.safetensors"], FOLDER);
    expect(inspected.stdout).toMatch(/recommended +--scales 1 --base-lr 0\.01 --num-epochs 1\nfound on +Best of 12/);
    expect(inspected.stdout).toMatch(/alpha +0\.25/);
  });

  it("predicts with no iterations what predict predicts", async () => {
    await jsonRun(
      "adapt",
      "streets/rain/images/000.png",
      "--num-epochs",
      "0",
      "--output",
      "z",
      "--save-logits",
      "z/a.safetensors",
    );
    await jsonRun("predict", "streets/rain/images/000.png", "--output", "z", "--save-logits", "z/p.safetensors");
    expect(await numbers("z/a.safetensors", "logits")).toEqual(await numbers("z/p.safetensors", "logits"));
  });

  it("prints a line an image and the table of classes, and nothing on stderr but the runtime", async () => {
    const args = [
      "adapt",
      "streets/night",
      "--labels",
      "streets/night/labels",
      "--scales",
      "0.5",
      "1",
      "--num-epochs",
      "1",
    ];
    const { code, stdout, stderr } = await runCli([...args, ...CPU, "--output", "t"], FOLDER);
    expect({ code, stderr: stderr.replace(/\d+\.\d+\.\d+/, "V") }).toEqual({
      code: 0,
      stderr: "onnx V on cpu, 1 thread\nParameters: the published recipe, but for --scales, --num-epochs.\n",
    });
    expect(stdout).toMatch(/^\[1\/2\] streets\/night\/images\/000\.png {2}64 x 32 {2}loss .* mIoU .* → .*\n\[2\/2\]/);
    expect(stdout).toMatch(/\nclass +before +after +gain\nroad .*/);
    expect(stdout).toMatch(/\nmean \(mIoU\) .*/);
    expect(readdirSync(join(FOLDER, "t", "images"))).toHaveLength(10);
  });

  it("carries the velocity on, or does not", async () => {
    const args = ["adapt", "streets/fog/images", "--momentum", "0.9", "--num-epochs", "2"];
    const apart = await jsonRun(...args, "--output", "v1");
    const carried = await jsonRun(...args, "--carry-velocity", "--output", "v2");
    expect(carried.images[0]?.losses).toEqual(apart.images[0]?.losses);
    expect(carried.images[1]?.losses[0]).toBe(apart.images[1]?.losses[0]);
    expect(carried.images[1]?.losses[1]).not.toBe(apart.images[1]?.losses[1]);
  });
});

describe("tta", () => {
  it("writes probabilities, and compares with the checkpoint's own prediction", async () => {
    const image = "streets/night/images/001.png";
    const args = [image, "--labels", "streets/night/labels/001.png", "--no-flips", "--save-logits", "p.safetensors"];
    const results = await jsonRun("tta", ...args, "--output", "p");
    expect(results.config).toEqual({
      window: [],
      overlap: 128,
      fit: [],
      scales: [0.25, 0.5, 0.75],
      flips: false,
      grayscale: true,
      alpha: null,
    });
    expect(results.images[0]).toMatchObject({ losses: [], pseudoLabel: null, before: {}, after: {} });
    const probabilities = await numbers("p.safetensors", "probabilities");
    const ofFirstPixel = Array.from({ length: 19 }, (_, k) => probabilities[k * 32 * 64] ?? 0);
    expect(ofFirstPixel.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    expect(await numbers("p.safetensors", "before_logits")).toHaveLength(19 * 32 * 64);
  });
});

describe("predict", () => {
  it("scores one prediction, pooled over all images", async () => {
    const results = await jsonRun("predict", "streets", "--labels", "streets", "--output", "q", "--alpha", "1");
    expect(results.config).toEqual({ window: [], overlap: 128, fit: [], alpha: 1 });
    expect(results.summary).toMatchObject({ images: 8, labelled: 8, before: null });
    expect(results.summary.after?.miou).toBeGreaterThanOrEqual(0);
  });

  it("predicts window by window, and says how far the windows agree", async () => {
    const image = "streets/night/images/001.png";
    const args = ["--labels", "streets/night/labels/001.png", "--window", "24x32", "--overlap", "16"];
    const { config, images } = await jsonRun("predict", image, ...args, "--output", "w");
    expect(config).toEqual({ window: [24, 32], overlap: 16, fit: [], alpha: null });
    expect(images[0]?.overlapAgreement).toBeGreaterThan(0);
    const { stdout } = await runCli(["predict", image, "--checkpoint", "tiny.safetensors", ...args], FOLDER);
    expect(stdout).toMatch(/windows agree on \d+\.\d %/);
    const refused = await runCli(["predict", image, "--window", "24x32", "--overlap", "24"], FOLDER);
    expect(refused.stderr).toContain("The overlap of 24 pixels is not less than the window of 24 x 32");
  });
});

describe("inspect", () => {
  it("shows what the file is", async () => {
    const { code, stdout } = await runCli(["inspect", "tiny.safetensors", "--keys"], FOLDER);
    expect(code).toBe(0);
    expect(stdout).toContain("deeplab with resnet18, 19 classes");
    expect(stdout).toMatch(/cls_head\.weight +\[19, 64, 1, 1\] +float32/);
  });

  it("prints JSON", async () => {
    const { stdout } = await runCli(["inspect", "tiny.safetensors", "--json"], FOLDER);
    expect(JSON.parse(stdout)).toMatchObject({
      checkpoint: { arch: "deeplab", backbone: "resnet18", numClasses: 19, alpha: 0.1 },
      metadata: { note: "random weights" },
      problems: [],
      refusal: null,
    });
  });
});

describe("doctor", () => {
  it("finds the processor and times it", async () => {
    const { code, stdout } = await runCli(["doctor", "--json"], FOLDER);
    expect(code).toBe(0);
    const { devices } = JSON.parse(stdout);
    const processor = devices.find(
      ({ name, provider }: Record<string, string>) => name === "onnx" && provider === "cpu",
    );
    expect(processor).toMatchObject({ available: true, gigaflopsPerSecond: expect.any(Number) });
  });
});

describe("help", () => {
  it.each([[], ["adapt"], ["tta"], ["predict"], ["inspect"], ["doctor"], ["sample"], ["train"]])(
    "of acclimate %s fits in 80 columns",
    async (...command: string[]) => {
      const { code, stdout } = await runCli([...command, "--help"], FOLDER);
      expect(code).toBe(0);
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    },
  );
});
