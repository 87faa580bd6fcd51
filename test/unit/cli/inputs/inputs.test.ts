// Images and label files found in folders.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { findImages } from "../../../../src-main/cli/inputs/find-images.ts";
import { loadLabels } from "../../../../src-main/cli/inputs/load-labels.ts";
import { matchLabels } from "../../../../src-main/cli/inputs/match-labels.ts";
import { runInputs } from "../../../../src-main/cli/inputs/run-inputs.ts";
import { sampleInputs } from "../../../../src-main/cli/inputs/sample-inputs.ts";
import { checkedFlags } from "../../../../src-main/cli/options/flag-values.ts";
import { runFlagsSchema } from "../../../../src-main/cli/options/run-options.ts";
import { imageKey, labelKey } from "../../../../src-main/engine/datasets/label-file-names.ts";
import { encodeLabelPng } from "../../../../src-main/engine/images/encode-png.ts";
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

describe("findImages", () => {
  it("counts as people do, searches subfolders, and leaves out what is no image", async () => {
    have("in/10.png", "in/9.JPG", "in/sub/a.webp", "in/notes.txt", "in/.hidden.png", "in/x_gtFine_labelIds.png");
    const images = await findImages(at("in"), []);
    expect(images.map(({ path }) => below(path))).toEqual(["in/9.JPG", "in/10.png", "in/sub/a.webp"]);
    expect(images.map(({ name }) => name)).toEqual(["9", "10", "sub/a"]);
  });

  it("leaves out given folders, and labels beside images", async () => {
    have("in/images/0.png", "in/labels/0.png", "in/truth/0.png", "in/other/labels/0.png");
    const images = await findImages(at("in"), at("in/truth"));
    expect(images.map(({ name }) => name)).toEqual(["images/0", "other/labels/0"]);
  });

  it("takes a file once, and gives the same name only once", async () => {
    have("a/x.png", "b/x.png", "b/X.jpg");
    const images = await findImages(at("a/x.png", "b/x.png", "a", "b/X.jpg"), []);
    expect(images.map(({ name }) => name)).toEqual(["x", "x-2", "X-3"]);
  });

  it("follows links into folders, but not round in circles", async () => {
    have("in/0.png");
    symlinkSync(join(root, "in"), join(root, "in", "again"));
    symlinkSync(join(root, "nowhere"), join(root, "in", "broken.png"));
    expect(await findImages(at("in"), [])).toHaveLength(1);
  });

  it("says what is missing, and what is empty", async () => {
    have("empty/notes.txt");
    await expect(findImages(at("no"), [])).rejects.toMatchObject({ code: "input.missing" });
    await expect(findImages(at("empty"), [])).rejects.toMatchObject({ code: "input.unreadable" });
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

describe("loadLabels", () => {
  const IMAGE = { path: "x.png", width: 2, height: 1 };
  async function labelFile(...ids: readonly number[]): Promise<string> {
    const path = join(root, "label.png");
    writeFileSync(path, await encodeLabelPng({ width: ids.length, height: 1, data: Uint8Array.from(ids) }));
    return path;
  }

  it("gives train ids of the model's classes", async () => {
    expect([...(await loadLabels(await labelFile(18, 255), IMAGE, "trainIds", 19)).data]).toEqual([18, 255]);
    expect([...(await loadLabels(await labelFile(7, 0), IMAGE, "cityscapes", 19)).data]).toEqual([0, 255]);
    // Terrain, 9, is no class of the 16; sky, 10, moves down.
    expect([...(await loadLabels(await labelFile(9, 10), IMAGE, "trainIds", 16)).data]).toEqual([255, 9]);
  });

  it("names the smallest id that can't be", async () => {
    await expect(loadLabels(await labelFile(33, 19), IMAGE, "trainIds", 19)).rejects.toMatchObject({
      code: "label.ids",
      message: expect.stringContaining("holds the id 19"),
    });
  });

  it("names both sizes", async () => {
    await expect(loadLabels(await labelFile(0, 0, 0), IMAGE, "trainIds", 19)).rejects.toMatchObject({
      code: "label.size",
      message: expect.stringContaining('3 x 1 pixels, its image "x.png" 2 x 1'),
    });
  });
});

describe("runInputs", () => {
  const flags = (values: Record<string, unknown>) => checkedFlags(runFlagsSchema, values);

  it("pairs images with labels, and does not take labels or earlier output for images", async () => {
    have("in/0.png", "in/gt/0.png", "in/out/0_color.png", "in/out/0_trainIds.png");
    const inputs = await runInputs(at("in"), flags({ labels: join(root, "in/gt"), output: join(root, "in/out") }));
    expect(inputs).toEqual([{ path: join(root, "in/0.png"), name: "0", labelPath: join(root, "in/gt/0.png") }]);
  });

  it("knows where the labels of a data set are, of all of it or of a part", async () => {
    have(
      "cs/leftImg8bit/train/ulm/a_leftImg8bit.png",
      "cs/leftImg8bit/val/ulm/b_leftImg8bit.png",
      "cs/gtFine/val/ulm/b_gtFine_labelIds.png",
    );
    const said: string[] = [];
    const all = await runInputs(at("cs"), flags({}), (line) => said.push(line));
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

  it("leaves folders of no known data set to the search for images", async () => {
    have("mine/images/0.png", "mine/labels/0.png");
    expect(await runInputs(at("mine"), flags({}))).toMatchObject([{ name: "images/0", labelPath: null }]);
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
