// Whatever is wrong with a training that adapts to a domain: one clear sentence, an exit code, and nothing that was there is lost.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { writeSafetensors } from "../../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import { encodeLabelPng, encodeRgbPng } from "../../src-main/engine/images/encode-png.ts";
import { daSacNetwork } from "../../src-main/engine/models/da-sac-networks.ts";
import { initialStateDict } from "../../src-main/engine/models/initial-state-dict.ts";
import { runCli, runCliAfter } from "../helpers/run-cli.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-bad-training-"));
const at = (name: string): string => join(FOLDER, name);
const [WIDTH, HEIGHT] = [64, 48];

beforeAll(async () => {
  const image = await encodeRgbPng({
    width: WIDTH,
    height: HEIGHT,
    data: Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => (i * 37) % 256),
  });
  const labels = (id: number) =>
    encodeLabelPng({ width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT).fill(id) });
  for (const folder of [
    "source/images",
    "source/labels",
    "ignored/images",
    "ignored/labels",
    "bare/images",
    "target",
  ]) {
    mkdirSync(at(folder), { recursive: true });
  }
  mkdirSync(at("empty"));
  for (const name of ["1.png", "2.png"]) {
    for (const folder of ["source/images", "ignored/images", "bare/images", "target"])
      writeFileSync(at(`${folder}/${name}`), image);
    writeFileSync(at(`source/labels/${name}`), await labels(1));
    writeFileSync(at(`ignored/labels/${name}`), await labels(255));
  }
  const network = daSacNetwork("deeplabv2_resnet18", 19, 4);
  await writeSafetensors(at("baseline.safetensors"), initialStateDict(network, 0, 1));
  writeFileSync(at("others.json"), JSON.stringify({ "1.png": { 1: 0.5 }, "3.png": { 1: 0.5 } }));
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

const SMALL = [
  ...["--source-batch-size", "2", "--num-epochs", "1", "--validation-start", "9", "--crop-size", "32", "32"],
  ...["--provider", "cpu", "--threads", "1", "--output", "made.safetensors"],
];
const NETWORK = ["--network", "deeplabv2_resnet18", "--width", "4"];
const train = (source: string, target: string, ...more: string[]): string[] => [
  ...["train", "--method", "da-sac", "--dataset-root", source, "--target-dataset-root", target],
  ...["--target-images", "1", "--copies", "2", ...NETWORK, "--initial-weights", "baseline.safetensors"],
  ...SMALL,
  ...more,
];

const CASES: [what: string, args: string[], code: number, sentence: RegExp][] = [
  ["a target without images", train("source", "empty"), 3, /"empty" holds no images; put/],
  ["a source without labels", train("bare", "target"), 3, /"bare" holds no images with labels/],
  [
    "a baseline of another architecture",
    train("source", "target", "--network", "deeplabv2_vgg16_bn"),
    3,
    /is a checkpoint of deeplabv2 on resnet18 with 19 classes, and deeplabv2 on vgg16_bn with 19 classes is trained/,
  ],
  [
    "a baseline of another number of classes",
    train("source", "target", "--num-classes", "16"),
    3,
    /with 19 classes, and deeplabv2 on resnet18 with 16 classes is trained; give one of that network/,
  ],
  [
    "weights of other images",
    train("source", "target", "--importance-weights", "others.json"),
    2,
    /"others\.json" is of other images: it has no weights of "2\.png"/,
  ],
  ["a single crop", train("source", "target", "--copies", "1"), 2, /--copies: consistency needs at least 2 crops/],
  [
    "crops that do not divide among devices",
    train("source", "target", "--crops-per-device", "3"),
    2,
    /--crops-per-device: the crops of a step do not divide among devices/,
  ],
  ["a source whose pixels are all ignored", train("ignored", "target"), 3, /had a label of the 19 classes/],
  [
    "a rate that runs away",
    train("source", "target", "--base-lr", "1e30", "--num-epochs", "4"),
    3,
    /the weights have run away; lower the learning rate \(now 1e\+30\)/,
  ],
];

/** What a training leaves to go on from is of no use to the next one. */
function removeMade(): void {
  for (const name of readdirSync(FOLDER)) if (name.startsWith("made")) rmSync(at(name));
}

describe("one sentence and an exit code", () => {
  afterEach(removeMade);

  it.each(CASES)("for %s", async (_, args, code, sentence) => {
    const result = await runCli(args, FOLDER);
    expect(result.stderr).toMatch(sentence);
    expect(result.stderr).not.toMatch(/\n\s+at /); // no stack
    expect(result).toMatchObject({ code, stdout: "" });
  });

  it("for crops larger than the images nothing is wrong", async () => {
    const args = train("source", "target").map((word) => (word === "32" ? "128" : word));
    expect(await runCli(args, FOLDER)).toMatchObject({ code: 0 });
  });

  it("for a disk that takes no more, and the checkpoint that was there stays", async () => {
    writeFileSync(at("made.safetensors"), "what was there");
    const { code, stderr } = await runCliAfter("ulimit -f 20", train("source", "target"), FOLDER);
    expect(stderr).toMatch(/could not be written: .*choose another folder/);
    expect(code).not.toBe(0);
    expect(readFileSync(at("made.safetensors"), "utf8")).toBe("what was there");
  });
});
