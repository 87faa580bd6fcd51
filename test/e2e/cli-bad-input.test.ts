// Whatever is wrong: one clear sentence, an exit code, no half-written file, and what was finished stays.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSafetensors } from "../../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import { encodeLabelPng, encodeRgbPng } from "../../src-main/engine/images/encode-png.ts";
import { renderSampleScene } from "../../src-main/engine/sample/render-sample-scene.ts";
import { errorDocumentSchema, runResultsSchema } from "../../src-shared/contract/results.ts";
import { FIXTURES } from "../helpers/fixtures-root.ts";
import { ended, hasPrinted, hasSaid, runCli, runCliAfter, startCli } from "../helpers/run-cli.ts";
import { tinyStateDict, writeTinyCheckpoint } from "../helpers/tiny-checkpoint.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-bad-input-"));
const PTH = join(FIXTURES, "G-pth");
const at = (name: string): string => join(FOLDER, name);

beforeAll(async () => {
  const scene = renderSampleScene({ seed: 5, index: 0, domain: "fog", width: 64, height: 32 });
  const image = await encodeRgbPng(scene.image);
  const pixels = (count: number) => Uint8Array.from({ length: count }, (_, i) => (i * 37) % 256);
  writeFileSync(at("street.png"), image);
  mkdirSync(at("four"));
  for (const name of ["1", "2", "3", "4"]) writeFileSync(at(`four/${name}.png`), image);
  mkdirSync(at("mixed"));
  writeFileSync(at("mixed/a.png"), image);
  writeFileSync(at("mixed/b.png"), "not a picture");
  mkdirSync(at("empty"));
  writeFileSync(at("empty/notes.txt"), "nothing to see");
  writeFileSync(at("text.png"), "These are words.");
  writeFileSync(at("truncated.png"), image.subarray(0, image.length / 2));
  writeFileSync(at("one.png"), encode({ width: 1, height: 1, channels: 3, depth: 8, data: pixels(3) }));
  writeFileSync(at("gray.png"), encode({ width: 64, height: 32, channels: 1, depth: 8, data: pixels(2048) }));
  writeFileSync(at("alpha.png"), encode({ width: 64, height: 32, channels: 4, depth: 8, data: pixels(8192) }));
  const deep = Uint16Array.from(pixels(6144), (value) => value * 256);
  writeFileSync(at("sixteen.png"), encode({ width: 64, height: 32, channels: 3, depth: 16, data: deep }));
  const labels = (width: number, height: number, id: number) =>
    encodeLabelPng({ width, height, data: new Uint8Array(width * height).fill(id) });
  writeFileSync(at("smaller-label.png"), await labels(32, 32, 0));
  writeFileSync(at("strange-label.png"), await labels(64, 32, 200));

  await writeTinyCheckpoint(at("tiny.safetensors"));
  writeFileSync(at("cut.safetensors"), readFileSync(at("tiny.safetensors")).subarray(0, 300_000));
  copyFileSync(join(PTH, "state_dict_zip.pth"), at("unknown.pth"));
  copyFileSync(join(PTH, "reject_os_system_zip.pth"), at("hostile.pth"));
  copyFileSync(join(PTH, "reject_truncated.pth"), at("cut.pth"));
  const withoutHead = new Map(tinyStateDict());
  withoutHead.delete("cls_head.bias");
  const bias = new Float32Array(19).fill(Number.NaN, 4, 5);
  const withNan = new Map([
    ...tinyStateDict(),
    ["cls_head.bias", { dtype: "float32", shape: [19], data: bias } as const],
  ]);
  await writeSafetensors(at("nan.safetensors"), withNan);
  await writeSafetensors(at("keyless.safetensors"), withoutHead);
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

const FAST = ["--provider", "cpu", "--threads", "1"];
const TINY = ["--checkpoint", "tiny.safetensors", ...FAST];

/** Every file below the folder, hidden ones too. */
const filesIn = (folder: string): string[] =>
  existsSync(at(folder)) ? readdirSync(at(folder), { recursive: true }).map(String).sort() : [];

const CASES: readonly (readonly [what: string, args: readonly string[], code: number, sentence: RegExp])[] = [
  ["a missing file", ["adapt", "nowhere.png", ...TINY], 3, /"nowhere\.png" is not there/],
  ["a folder without images", ["adapt", "empty", ...TINY], 3, /"empty" holds no images/],
  ["no image at all", ["adapt", ...TINY], 2, /No image is named/],
  ["text called .png", ["adapt", "text.png", ...TINY], 3, /"text\.png" is not an image/],
  ["a truncated PNG", ["adapt", "truncated.png", ...TINY], 3, /"truncated\.png" is damaged or incomplete/],
  ["a 1x1 image", ["adapt", "one.png", ...TINY], 3, /"one\.png".*1 x 1 pixels/],
  [
    "a label of another size",
    ["adapt", "street.png", "--labels", "smaller-label.png", ...TINY],
    3,
    /"smaller-label\.png" has 32 x 32 pixels, its image "street\.png" 64 x 32/,
  ],
  [
    "label ids out of range",
    ["adapt", "street.png", "--labels", "strange-label.png", ...TINY],
    3,
    /"strange-label\.png" holds the id 200/,
  ],
  ["missing labels", ["adapt", "street.png", "--labels", "nowhere", ...TINY], 3, /"nowhere" is not there/],
  [
    "labels of other images",
    ["adapt", "street.png", "--labels", "four", ...TINY],
    3,
    /"four" holds no label file for "street\.png"/,
  ],
  ["no checkpoint", ["adapt", "street.png", ...FAST], 2, /--checkpoint: name/],
  ["a missing checkpoint", ["adapt", "street.png", "--checkpoint", "no.pth", ...FAST], 3, /"no\.pth" does not exist/],
  [
    "an unknown architecture",
    ["adapt", "street.png", "--checkpoint", "unknown.pth", ...FAST],
    3,
    /"unknown\.pth" holds no model that Acclimate knows/,
  ],
  [
    "another class count",
    ["adapt", "street.png", "--num-classes", "16", ...TINY],
    3,
    /"tiny\.safetensors" has 19 classes, not 16/,
  ],
  ["a truncated .pth", ["adapt", "street.png", "--checkpoint", "cut.pth", ...FAST], 3, /"cut\.pth".*damaged/],
  [
    "a truncated .safetensors",
    ["adapt", "street.png", "--checkpoint", "cut.safetensors", ...FAST],
    3,
    /"cut\.safetensors".*damaged/,
  ],
  [
    "a hostile pickle",
    ["adapt", "street.png", "--checkpoint", "hostile.pth", ...FAST],
    3,
    /system.* is not allowed\. Only tensors are read/,
  ],
  [
    "an image as checkpoint",
    ["adapt", "street.png", "--checkpoint", "street.png", ...FAST],
    3,
    /"street\.png": is neither/,
  ],
  [
    "missing keys",
    ["adapt", "street.png", "--checkpoint", "keyless.safetensors", ...FAST],
    3,
    /1 key missing[\s\S]*cls_head\.bias +missing, wants \[19\]/,
  ],
  ["no scales", ["adapt", "street.png", "--scales", "", ...TINY], 2, /--scales: the list is empty/],
  [
    "a negative scale",
    ["adapt", "street.png", "--scales", "0.5", "-1", ...TINY],
    2,
    /--scales: every scale is a number above 0.*-1/,
  ],
  [
    "a scale that is no number",
    ["adapt", "street.png", "--scales", "NaN", ...TINY],
    2,
    /--scales: "NaN" is not a number/,
  ],
  [
    "a learning rate that is no number",
    ["adapt", "street.png", "--base-lr", "NaN", ...TINY],
    2,
    /--base-lr: "NaN" is not a number/,
  ],
  [
    "a negative learning rate",
    ["adapt", "street.png", "--base-lr", "-0.1", ...TINY],
    2,
    /--base-lr: the learning rate is 0 or more, not -0\.1/,
  ],
  [
    "a threshold above 1",
    ["adapt", "street.png", "--threshold", "7", ...TINY],
    2,
    /--threshold: the threshold is between 0 and 1, not 7/,
  ],
  [
    "half an iteration",
    ["adapt", "street.png", "--num-epochs", "1.5", ...TINY],
    2,
    /--num-epochs: the number of iterations is whole/,
  ],
  [
    "a layer that is not there",
    ["adapt", "street.png", "--resnet-layers", "5", ...TINY],
    2,
    /--resnet-layers: layers are 1 to 4/,
  ],
  [
    "a learning rate that makes weights run away",
    ["adapt", "street.png", "--base-lr", "1e30", ...TINY],
    3,
    /"street\.png": The loss is .*lower the learning rate/,
  ],
  ...["predict", "tta", "adapt"].map((method): (typeof CASES)[number] => [
    `a checkpoint with a weight that is no number, given to ${method}`,
    [method, "street.png", "--checkpoint", "nan.safetensors"],
    3,
    /"nan\.safetensors": 1 value is not finite \(NaN or infinity\), in 1 tensor: "cls_head\.bias" \(1\)\. /,
  ]),
  ["an unknown option", ["adapt", "street.png", "--learning-rate", "1"], 2, /unknown option '--learning-rate'/],
  ["a mistyped option", ["adapt", "street.png", "--treshold", "1"], 2, /'--treshold'; did you mean --threshold\? See /],
  ["an unknown command", ["adopt"], 2, /unknown command 'adopt'/],
  ["an unknown palette", ["predict", "street.png", "--palette", "grey"], 2, /--palette/],
  [
    "an unknown sample domain",
    ["adapt", "--sample", "snow"],
    2,
    /--sample: the domains are clear, fog, night, rain, not "snow"/,
  ],
  ["no threads", ["predict", "street.png", "--threads", "0"], 2, /--threads: there is at least 1 thread, not 0/],
  ["a sample of no size", ["sample", "--size", "big"], 2, /--size: "big" is no size/],
  ["a sample too small", ["sample", "--size", "8x8"], 2, /width is 8/],
  ["a missing checkpoint to inspect", ["inspect", "no.pth"], 3, /"no\.pth" does not exist/],
  ["a hostile pickle to inspect", ["inspect", "hostile.pth"], 3, /is not allowed/],
];

describe("one sentence and an exit code", () => {
  it.each(CASES)("for %s", async (_, args, code, sentence) => {
    const result = await runCli(args.includes("inspect") ? args : [...args, "--output", "bad"], FOLDER);
    expect(result.stderr).toMatch(sentence);
    expect(result.stderr).not.toMatch(/\n\s+at /); // no stack
    expect(result).toMatchObject({ code, stdout: "" });
    expect(filesIn("bad").filter((name) => name !== "results.json")).toEqual([]);
    rmSync(at("bad"), { recursive: true, force: true });
  });

  it("beside the list, for a checkpoint to inspect that holds values that are no numbers", async () => {
    const { code, stdout, stderr } = await runCli(["inspect", "nan.safetensors"], FOLDER);
    expect(code).toBe(3);
    expect(stdout).toMatch(/key with values that are no numbers +values\ncls_head\.bias +1\n/);
    expect(stderr).toMatch(/^acclimate: "nan\.safetensors": 1 value is not finite/);
  });

  it("as JSON where JSON was asked for", async () => {
    const { code, stdout } = await runCli(["adapt", "street.png", "--checkpoint", "no.pth", "--json", ...FAST], FOLDER);
    expect(code).toBe(3);
    expect(errorDocumentSchema.parse(JSON.parse(stdout)).error.code).toBe("input.missing");
  });
});

describe("unusual images that are fine", () => {
  it.each(["gray.png", "alpha.png", "sixteen.png", "one.png"])("%s", async (name) => {
    expect(await runCli(["predict", name, ...TINY, "--output", "fine"], FOLDER)).toMatchObject({ code: 0 });
  });
});

describe("several images", () => {
  it("are finished although one is bad", async () => {
    const { code, stdout, stderr } = await runCli(["predict", "mixed", ...TINY, "--output", "rest", "--json"], FOLDER);
    expect(code).toBe(5);
    expect(stderr).toMatch(/"mixed\/b\.png" is not an image/);
    const results = runResultsSchema.parse(JSON.parse(stdout));
    expect(results.images.map(({ path }) => path)).toEqual(["mixed/a.png"]);
    expect(results.failures).toMatchObject([{ path: "mixed/b.png", code: "image.format" }]);
    expect(filesIn("rest")).toHaveLength(5);
  });
});

describe("output", () => {
  it("that is below a file is refused before anything is computed", async () => {
    const { code, stderr } = await runCli(["predict", "street.png", ...TINY, "--output", "text.png/out"], FOLDER);
    expect(code).toBe(4);
    expect(stderr).toMatch(/could not be written: "text\.png\/out" is not a folder/);
  });

  it("that may not be created is refused", async () => {
    const { code, stderr } = await runCli(["predict", "street.png", ...TINY, "--output", "/proc/acclimate"], FOLDER);
    expect(code).toBe(4);
    expect(stderr).toMatch(/"\/proc\/acclimate\/results\.json" could not be written/);
  });

  it("on a disk that takes no more leaves no half image", async () => {
    const { code, stderr } = await runCliAfter("ulimit -f 1", ["predict", "four", ...TINY, "--output", "full"], FOLDER);
    expect(code).toBe(4);
    expect(stderr).toMatch(/1_\w+\.png" could not be written: .*takes no file that large/);
    expect(filesIn("full").filter((name) => name !== "results.json")).toEqual([]);
  });

  it("into a pipe that nobody reads any more is no error", async () => {
    const child = startCli(["adapt", "--help"], FOLDER);
    child.stdout?.destroy();
    expect(await ended(child)).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("Ctrl-C", () => {
  it("stops between steps; finished images stay, and nothing is half written", async () => {
    const child = startCli(["adapt", "four", ...TINY, "--num-epochs", "100", "--output", "stopped"], FOLDER);
    const end = ended(child);
    await hasPrinted(child, "[1/4]");
    child.kill("SIGINT");
    const { code, stderr } = await end;
    expect(code).toBe(130);
    expect(stderr).toMatch(/Stopping after the current step/);
    expect(stderr).toMatch(/1 of 4 images finished; the files are in "stopped"/);
    const kinds = ["color.png", "labelIds.png", "losses.csv", "overlay.png", "trainIds.png"];
    expect(filesIn("stopped")).toEqual([...kinds.map((kind) => `1_${kind}`), "results.json"]);
    const results = runResultsSchema.parse(JSON.parse(readFileSync(at("stopped/results.json"), "utf8")));
    expect(results.summary).toMatchObject({ images: 1, cancelled: true });
  });

  it("twice ends at once", async () => {
    const child = startCli(["adapt", "four", ...TINY, "--num-epochs", "100000", "--output", "killed"], FOLDER);
    const end = ended(child);
    await new Promise<void>((resolve) => child.stderr?.once("data", () => resolve()));
    child.kill("SIGINT");
    await hasSaid(child, "Stopping after the current step");
    // Two signals within 200 ms are one key press. A slower machine only makes it longer.
    await new Promise((resolve) => setTimeout(resolve, 400));
    child.kill("SIGINT");
    expect((await end).code).toBe(130);
    expect(filesIn("killed").filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});
