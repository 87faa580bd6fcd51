// CROTS as a shell runs it: a black-box sequence from somebody's predictions to both stages, and what it does by itself.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli } from "../helpers/run-cli.ts";
import { writeTinyCheckpoint } from "../helpers/tiny-checkpoint.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-crots-"));
const CPU = ["--provider", "cpu", "--threads", "1"];
const NETWORK = ["--network", "deeplabv2_resnet18", "--width", "4", "--crop-size", "64", "128"];
const QUICK = [...NETWORK, "--num-epochs", "1", "--train-batch-size", "2", "--num-workers", "0", ...CPU];
const TARGET = "streets/fog/images";

const run = (...args: readonly string[]) => runCli(args, FOLDER);

beforeAll(async () => {
  await writeTinyCheckpoint(join(FOLDER, "tiny.safetensors"));
  await run("sample", "--output", "streets", "--size", "128x64", "--count", "3", "--domain", "fog");
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

it("goes from predictions over pseudo-labels and hard patches through both stages", async () => {
  const labels = await run(
    "pseudo-labels",
    TARGET,
    "--predictions",
    "streets/fog/labels",
    "--size",
    "128x64",
    "--save",
    "pseudo",
  );
  expect(labels).toMatchObject({ code: 0, stdout: `"${join("pseudo", "label_ids")}": labels of 3 images.\n` });
  const patches = await run(
    "hard-patches",
    TARGET,
    "--predictions",
    "pseudo",
    "--size",
    "128x64",
    "--rare-classes",
    "0,13",
    "--save",
    "hard",
  );
  expect(patches.stdout).toMatch(/^"hard": \d+ patches of 3 images\.\n$/);
  const first = ["--method", "crots-baseline", "--target-dataset-root", TARGET, "--pseudo-label-root", "pseudo"];
  expect(await run("train", ...first, ...QUICK, "--output", "s1.safetensors")).toMatchObject({ code: 0 });
  const second = ["--method", "crots", "--target-dataset-root", TARGET, "--hard-patches-root", "hard"];
  const mixing = await run(
    "train",
    ...second,
    "--initial-weights",
    "s1.safetensors",
    ...QUICK,
    "--output",
    "s2.safetensors",
  );
  expect(mixing).toMatchObject({ code: 0 });
  const predicted = await run(
    "predict",
    `${TARGET}/000.png`,
    "--checkpoint",
    "s2.safetensors",
    ...CPU,
    "--output",
    "predicted",
  );
  expect(predicted).toMatchObject({ code: 0 });
});

it("labels scenes and images itself, by a source model", async () => {
  const options = ["--restore-from", "tiny.safetensors", "--size", "64x32", ...CPU];
  const labels = await run("pseudo-labels", TARGET, ...options, "--class-share", "0.5", "--save", "own");
  expect(labels).toMatchObject({ code: 0 });
  expect(existsSync(join(FOLDER, "own", "hard.txt"))).toBe(true);
  const scenes = [
    "train",
    "--method",
    "crots-baseline",
    "--target-count",
    "2",
    "--target-domains",
    "fog",
    "--initial-weights",
    "s1.safetensors",
  ];
  expect(await run(...scenes, ...QUICK, "--output", "scenes.safetensors")).toMatchObject({ code: 0 });
  expect(existsSync(join(FOLDER, "scenes.pseudo-labels", "label_ids", "train", "fog_000000.png"))).toBe(true);
});

it.each([
  [
    ["train", "--method", "crots", "--dataset-root", "streets"],
    /--dataset-root: the method crots needs no image of the source/,
  ],
  [
    ["train", "--method", "crots", "--pseudo-label-root", "pseudo", "--target-count", "2"],
    /--pseudo-label-root: the method crots has no use/,
  ],
  [["train", "--method", "crots-baseline"], /The method crots-baseline adapts to images, and there are none/],
  [
    ["pseudo-labels", TARGET, "--save", "x"],
    /Say who labels the images: either --restore-from FILE or --predictions FOLDER\./,
  ],
  [
    ["hard-patches", TARGET, "--predictions", "pseudo", "--rare-classes", "cars", "--save", "x"],
    /--rare-classes: "cars" is neither/,
  ],
])("%j is refused in a sentence", async (args, sentence) => {
  const { code, stderr } = await run(...args);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toMatch(/unexpected error/);
});
