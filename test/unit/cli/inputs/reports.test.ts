// Situations that users of such programs have reported, as the commands read them: images, labels, and what is said.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readInput } from "../../../../src-main/cli/inputs/read-input.ts";
import { runInputs } from "../../../../src-main/cli/inputs/run-inputs.ts";
import { checkedFlags } from "../../../../src-main/cli/options/flag-values.ts";
import { runFlagsSchema } from "../../../../src-main/cli/options/run-options.ts";
import { DatasetReport } from "../../../../src-main/engine/datasets/dataset-report.ts";
import { detectLayout } from "../../../../src-main/engine/datasets/detect-layout.ts";
import { itemsOfSplit } from "../../../../src-main/engine/datasets/items-of-split.ts";
import { openLabelledFolder } from "../../../../src-main/engine/datasets/labelled-folder.ts";
import { readImage } from "../../../../src-main/engine/evaluation/read-image.ts";
import { decodeImage } from "../../../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../../../src-main/engine/images/decode-label-map.ts";

const at = (path: string) => join(import.meta.dirname, "../../../fixtures/reports", path);
const signal = new AbortController().signal;

interface Options {
  readonly labels?: string;
  readonly labelEncoding?: string;
}

/** As `predict`, `tta` and `adapt` do, with all that they say. */
async function read(path: string, { labels, ...options }: Options = {}) {
  const flags = checkedFlags(runFlagsSchema, { ...options, ...(labels === undefined ? {} : { labels: at(labels) }) });
  const report = new DatasetReport();
  const inputs = await runInputs([at(path)], flags, { report });
  const images = [];
  for (const input of inputs) images.push(await readInput(input, { model: 19, report, signal }));
  return { inputs, images, lines: report.lines, said: report.lines.map(({ message }) => message).join("\n") };
}

/** As `evaluate` and the window do. */
async function evaluated(path: string) {
  const report = new DatasetReport();
  const layout = await detectLayout(at(path));
  const items = await itemsOfSplit(at(path), { layout, split: null, report, signal });
  return Promise.all(items.map((item) => readImage(item, 19)));
}

const street = async () => [...(await decodeLabelMap(at("color-masks/street_ids.png"))).data];
const labelsOf = ({ images }: Awaited<ReturnType<typeof read>>) =>
  images.map(({ labels }) => [...(labels?.data ?? [])]);

describe("masks in colours", () => {
  it.each(["street_colors.png", "street_equal_channels.png"])("are the ids that they stand for: %s", async (name) => {
    const found = await read("color-masks/street.jpg", { labels: `color-masks/${name}` });
    expect(labelsOf(found)).toEqual([await street()]);
    expect(found.said).toBe("");
  });
});

describe("exports of labelling tools", () => {
  it.each(["cvat", "mmseg"])("have one image, with its labels, in every command: %s", async (tool) => {
    const found = await read(`masks-as-photographs/${tool}`);
    expect(labelsOf(found)).toEqual([await street()]);
    const [only, ...others] = await evaluated(`masks-as-photographs/${tool}`);
    expect(others).toEqual([]);
    expect([...(only?.labels?.data ?? [])]).toEqual(await street());
    const training = await openLabelledFolder(at(`masks-as-photographs/${tool}`), 19);
    expect([...(await training.read(0)).labels.data]).toEqual(await street());
  });
});

describe("photographs that say which side is up", () => {
  it.each([3, 6])("lie under labels as people see them: orientation %i", async (note) => {
    const { images, said } = await read(`photo-orientation/turned_${note}.jpg`, {
      labels: "photo-orientation/upright_label.png",
    });
    const upright = await decodeImage(at("photo-orientation/upright.jpg"));
    const turned = images[0]?.image;
    expect([turned?.width, turned?.height]).toEqual([upright.width, upright.height]);
    // Compressed in another direction: alike, not equal.
    const difference = turned?.data.reduce((sum, value, i) => sum + Math.abs(value - (upright.data[i] ?? 0)), 0) ?? 0;
    expect(difference / upright.data.length).toBeLessThan(6);
    expect(said).toContain("carries a note of the camera");
  });
});

describe("ids that the encoding does not have", () => {
  it("are named with their share of the pixels", async () => {
    const { images, said } = await read("unknown-ids/street.jpg", {
      labels: "unknown-ids/street_cityscapes_40_200.png",
      labelEncoding: "cityscapes",
    });
    expect(images[0]?.unknown).toEqual([
      { what: "id 40", pixels: 768 },
      { what: "id 200", pixels: 384 },
    ]);
    expect(said).toMatch(/holds id 40 and id 200, which no class has: 1152 pixels, 18\.8 % of it/);
  });

  it("give away a file of Mapillary Vistas 2.0", async () => {
    const { said } = await read("unknown-ids/street.jpg", {
      labels: "unknown-ids/street_vistas_2.0.png",
      labelEncoding: "mapillary",
    });
    expect(said).toMatch(/25\.7 % of it, count for nothing\. It looks like a file of Mapillary Vistas 2\.0/);
  });

  it("are treated alike by all commands", async () => {
    const named = await read("unknown-ids/own", { labels: "unknown-ids/own/labels" });
    const found = await read("unknown-ids/own");
    expect(labelsOf(named)).toEqual(labelsOf(found));
    for (const { lines } of [named, found]) {
      expect(lines).toMatchObject([{ code: "dataset.unknownIds", path: expect.stringMatching(/labels.street\.png$/) }]);
    }
    const [image] = await evaluated("unknown-ids/own");
    expect(image?.unknown).toEqual([{ what: "id 34", pixels: 384 }]);
    const training = await openLabelledFolder(at("unknown-ids/own"), 19);
    expect((await training.read(0)).labels.data).toEqual(image?.labels?.data);
  });

  it("come with a hint where a mask has but two values", async () => {
    const { said } = await read("unknown-ids/street.jpg", { labels: "unknown-ids/street_binary_0_255.png" });
    expect(said).toContain("holds 0 and 255 alone");
  });
});

describe("Cityscapes as unpacked", () => {
  it.each(["zip-folders", "zip-folders/leftImg8bit_trainvaltest"])("finds the archive beside: %s", async (folder) => {
    const { inputs, images } = await read(`cityscapes-as-unpacked/${folder}`);
    expect(inputs).toMatchObject([{ labelEncoding: "cityscapes" }]);
    expect(images[0]?.labels?.data.some((id) => id !== 255)).toBe(true);
  });
});

describe("Cityscapes with polygons alone", () => {
  it("is labelled by what they draw", async () => {
    const { inputs, images } = await read("cityscapes-as-unpacked/polygons-only");
    expect(inputs).toMatchObject([{ labelEncoding: "polygons" }]);
    // Its only polygon is a road over the lower rows, from the 40th on.
    const expected = Array.from({ length: 96 * 64 }, (_, i) => (i >= 40 * 96 ? 0 : 255));
    expect([...(images[0]?.labels?.data ?? [])]).toEqual(expected);
  });
});

describe("IDD as its tools render it", () => {
  it("is read alike, found or named", async () => {
    const found = await read("idd-rendered-labels/own-ids");
    const named = await read("idd-rendered-labels/own-ids/leftImg8bit", {
      labels: "idd-rendered-labels/own-ids/gtFine",
      labelEncoding: "idd",
    });
    expect(labelsOf(found)[0]).toHaveLength(96 * 64);
    expect(labelsOf(named)).toEqual(labelsOf(found));
  });

  it("says that files of level 3 can't be used", async () => {
    const { said } = await read("idd-rendered-labels/level3");
    expect(said).toContain("holds labellevel3Ids, which join classes");
  });
});

describe("folders of one's own", () => {
  it.each(["own-folder-not-scored/own", "label-extension"])("are scored by every command: %s", async (folder) => {
    expect(labelsOf(await read(folder))).toEqual([await street()]);
    expect((await evaluated(folder)).map(({ labels }) => [...(labels?.data ?? [])])).toEqual([await street()]);
    expect((await openLabelledFolder(at(folder), 19)).count).toBe(1);
  });

  it("may have BMP and GIF among the images", async () => {
    expect((await read("skipped-formats")).images.map(({ image }) => image.width)).toEqual([96, 48, 48]);
  });
});

describe("SYNTHIA's own label files", () => {
  it("are read alike, found or named", async () => {
    const root = "synthia-labels-option/RAND_CITYSCAPES";
    const labels = { labels: `${root}/GT/LABELS/0000000.png`, labelEncoding: "synthia" };
    const named = await read(`${root}/RGB/0000000.png`, labels);
    expect(labelsOf(named)).toEqual(labelsOf(await read(root)));
    expect(labelsOf(named)[0]?.some((id) => id !== 255)).toBe(true);
  });
});

describe("one bad pair", () => {
  it.each([
    ["size", "dataset.sizesDiffer", "images/2.jpg"],
    ["empty", "dataset.fileDamaged", "images/2.jpg"],
  ])("is left out of training with a line: %s", async (folder, code, path) => {
    const report = new DatasetReport();
    const { count } = await openLabelledFolder(at(`one-bad-pair-in-training/${folder}`), 19, { report });
    expect(count).toBe(3);
    expect(report.lines).toMatchObject([{ code, path, count: 1 }]);
  });
});
