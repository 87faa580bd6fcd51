// Images and label files found in folders.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { matchLabels } from "../../../../src-main/cli/inputs/match-labels.ts";
import { runInputs } from "../../../../src-main/cli/inputs/run-inputs.ts";
import { sampleInputs } from "../../../../src-main/cli/inputs/sample-inputs.ts";
import { checkedFlags } from "../../../../src-main/cli/options/flag-values.ts";
import { runFlagsSchema } from "../../../../src-main/cli/options/run-options.ts";
import { imageKey, labelKey } from "../../../../src-main/engine/datasets/label-file-names.ts";
import { temporaryFolder } from "../../../helpers/pictures.ts";

let root = "";
beforeEach(() => {
  root = temporaryFolder();
});

function have(...files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "");
  }
}

const at = (...paths: readonly string[]) => paths.map((path) => join(root, path));
const below = (path: string | null) => (path === null ? null : relative(root, path));

const flags = (values: Record<string, unknown> = {}) => checkedFlags(runFlagsSchema, values);

describe("images of folders", () => {
  it("count as people do, subfolders are searched, and what is no image is left out", async () => {
    have("in/10.png", "in/9.JPG", "in/sub/a.webp", "in/notes.txt", "in/.hidden.png", "in/x_gtFine_labelIds.png");
    const images = await runInputs(at("in"), flags());
    expect(images.map(({ path }) => below(path))).toEqual(["in/9.JPG", "in/10.png", "in/sub/a.webp"]);
    expect(images.map(({ name }) => name)).toEqual(["9", "10", "sub/a"]);
  });

  it("are not those of given folders, nor labels beside images", async () => {
    have("in/images/0.png", "in/labels/0.png", "in/truth/0.png", "in/other/images/1.png");
    const images = await runInputs(at("in"), flags({ output: join(root, "in/truth") }));
    expect(images.map(({ name }) => name)).toEqual(["images/0", "other/images/1"]);
  });

  it("are taken once, and each name is given once", async () => {
    have("a/x.png", "b/x.png", "b/X.jpg");
    const images = await runInputs(at("a/x.png", "b/x.png", "a", "b/X.jpg"), flags());
    expect(images.map(({ name }) => name)).toEqual(["x", "x-2", "X-3"]);
  });

  it("are found through links, but not round in circles", async () => {
    have("in/0.png");
    symlinkSync(join(root, "in"), join(root, "in", "again"));
    symlinkSync(join(root, "nowhere"), join(root, "in", "broken.png"));
    expect(await runInputs(at("in"), flags())).toHaveLength(1);
  });

  it("are missed by name", async () => {
    have("empty/notes.txt");
    await expect(runInputs(at("no"), flags())).rejects.toMatchObject({ code: "input.missing" });
    await expect(runInputs(at("empty"), flags())).rejects.toMatchObject({ code: "input.unreadable" });
  });

  it("leave out other formats with a line", async () => {
    have("in/a.jpg", "in/b.jp2", "in/c.heic");
    const said: string[] = [];
    expect(await runInputs(at("in"), flags(), { say: (line) => said.push(line) })).toHaveLength(1);
    expect(said).toEqual([expect.stringMatching(/^2 files such as "b.jp2" are of a format that is not read/)]);
  });
});

describe("names of label files", () => {
  it.each([
    ["frankfurt_000000_leftImg8bit.png", "frankfurt_000000_gtFine_labelIds.png", "labelIds"],
    ["frankfurt_000000_leftImg8bit_foggy_beta_0.02.png", "frankfurt_000000_gtFine_labelTrainIds.png", "trainIds"],
    ["000_leftImg8bit.jpg", "000_gtFine_labelcsTrainIds.png", "trainIds"],
    ["GP_0_rgb_anon.png", "GP_0_gt_labelTrainIds.png", "trainIds"],
    ["b1c.jpg", "b1c_train_id.png", "trainIds"],
    ["street.jpg", "street.png", "unsaid"],
    ["x_leftImg8bit.png", "x_gtFine_color.png", "other"],
  ])("%s has %s", (image, label, kind) => {
    expect(labelKey(label)).toEqual({ key: imageKey(image), kind });
  });
});

describe("matchLabels", () => {
  it("reads the files that the encoding is kept in", async () => {
    have("img/x_leftImg8bit.png", "gt/x_gtFine_labelIds.png", "gt/x_gtFine_labelTrainIds.png", "gt/x_gtFine_color.png");
    const matched = async (encoding: "trainIds" | "cityscapes") =>
      (await matchLabels(at("img/x_leftImg8bit.png"), join(root, "gt"), encoding)).map(below);
    expect(await matched("trainIds")).toEqual(["gt/x_gtFine_labelTrainIds.png"]);
    expect(await matched("cityscapes")).toEqual(["gt/x_gtFine_labelIds.png"]);
  });

  it("tells files of one name by their folders", async () => {
    have("images/fog/0.png", "images/rain/0.png", "labels/fog/0.png", "labels/rain/0.png");
    const matched = await matchLabels(at("images/rain/0.png", "images/fog/0.png"), join(root, "labels"), "trainIds");
    expect(matched.map(below)).toEqual(["labels/rain/0.png", "labels/fog/0.png"]);
  });

  it("takes the nearest where folders are called alike", async () => {
    have("fog/images/0.png", "fog/labels/0.png", "rain/labels/0.png");
    expect((await matchLabels(at("fog/images/0.png"), root, "trainIds")).map(below)).toEqual(["fog/labels/0.png"]);
  });

  it("refuses to guess", async () => {
    have("0.png", "gt/a/0.png", "gt/b/0.png");
    await expect(matchLabels(at("0.png"), join(root, "gt"), "trainIds")).rejects.toThrow("several files could belong");
  });

  it("leaves an image without label alone, but not all of them", async () => {
    have("0.png", "1.png", "gt/1.png", "other/2.png");
    expect((await matchLabels(at("0.png", "1.png"), join(root, "gt"), "trainIds")).map(below)).toEqual([
      null,
      "gt/1.png",
    ]);
    await expect(matchLabels(at("0.png"), join(root, "other"), "trainIds")).rejects.toMatchObject({
      code: "input.missing",
    });
  });

  it("suggests the encoding that the files have", async () => {
    have("x_leftImg8bit.png", "gt/x_gtFine_labelIds.png");
    await expect(matchLabels(at("x_leftImg8bit.png"), join(root, "gt"), "trainIds")).rejects.toThrow(
      "is --label-encoding cityscapes meant?",
    );
  });

  it("wants one label file for one image", async () => {
    have("0.png", "1.png", "gt.png");
    const label = join(root, "gt.png");
    expect(await matchLabels(at("0.png"), label, "trainIds")).toEqual([label]);
    await expect(matchLabels(at("0.png", "1.png"), label, "trainIds")).rejects.toMatchObject({ code: "input.option" });
  });
});

describe("runInputs", () => {
  it("pairs images with labels, and does not take labels or earlier output for images", async () => {
    have("in/0.png", "in/gt/0.png", "in/out/0_color.png", "in/out/0_trainIds.png");
    const inputs = await runInputs(at("in"), flags({ labels: join(root, "in/gt"), output: join(root, "in/out") }));
    expect(inputs).toEqual([
      { path: join(root, "in/0.png"), name: "0", labelPath: join(root, "in/gt/0.png"), labelEncoding: "ownIds" },
    ]);
  });

  it("knows where the labels of a data set are, of all of it or of a part", async () => {
    have(
      "cs/leftImg8bit/train/ulm/a_leftImg8bit.png",
      "cs/leftImg8bit/val/ulm/b_leftImg8bit.png",
      "cs/gtFine/val/ulm/b_gtFine_labelIds.png",
    );
    const said: string[] = [];
    const all = await runInputs(at("cs"), flags({}), { say: (line) => said.push(line) });
    expect(all.map(({ name, labelPath }) => [name, below(labelPath)])).toEqual([
      ["leftImg8bit/train/ulm/a_leftImg8bit", null],
      ["leftImg8bit/val/ulm/b_leftImg8bit", "cs/gtFine/val/ulm/b_gtFine_labelIds.png"],
    ]);
    expect(said).toEqual([
      expect.stringContaining("is Cityscapes: 2 images, 1 of them with labels"),
      expect.stringContaining("1 image such as"),
    ]);
    const part = await runInputs(at("cs/leftImg8bit/val"), flags({}));
    expect(part).toMatchObject([{ name: "ulm/b_leftImg8bit", labelEncoding: "cityscapes" }]);
  });

  it("takes the labels of a folder of one's own, unless others are named", async () => {
    have("mine/images/0.png", "mine/labels/0.PNG", "other/0_mask.png");
    const labelPath = join(root, "mine/labels/0.PNG");
    expect(await runInputs(at("mine"), flags({}))).toMatchObject([{ name: "images/0", labelPath }]);
    const other = join(root, "other");
    expect(await runInputs(at("mine"), flags({ labels: other }))).toMatchObject([
      { name: "images/0", labelPath: join(other, "0_mask.png") },
    ]);
  });

  it.each([
    ["_gtFine_labelids.png", "idd", "iddIds"],
    ["_gtFine_labelcsTrainIds.png", "idd", "trainIds"],
    [".png", "bdd", "trainIds"],
    ["_gtFine_labelIds.PNG", "gta", "gta"],
  ] as const)("reads %s with --label-encoding %s as %s", async (ending, labelEncoding, encoding) => {
    have("img/x_leftImg8bit.png", `gt/val/x${ending}`);
    const inputs = await runInputs(at("img"), flags({ labels: join(root, "gt"), labelEncoding }));
    expect(inputs.map((input) => [below(input.labelPath), input.labelEncoding])).toEqual([
      [`gt/val/x${ending}`, encoding],
    ]);
  });

  it("wants images or the sample, not both", async () => {
    await expect(runInputs([], flags({}))).rejects.toThrow("No image is named");
    await expect(runInputs(["x.png"], flags({ sample: true }))).rejects.toThrow("--sample: brings its own images");
  });

  it("finds the sample's images by domain", async () => {
    have("fog/images/000.png", "fog/labels/000.png", "rain/images/000.png", "rain/labels/000.png");
    expect(await sampleInputs(["rain", "fog"], root)).toMatchObject([
      { name: "rain/000", domain: "rain", labelPath: join(root, "rain/labels/000.png") },
      { name: "fog/000", domain: "fog", labelPath: join(root, "fog/labels/000.png") },
    ]);
    await expect(sampleInputs(["night"], root)).rejects.toMatchObject({ code: "input.missing" });
  });
});
