// Labelling the target: image by image and gone on with, by a model or by somebody's predictions, and refused in a sentence.
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readImageFiles } from "../../../../../src-main/engine/datasets/image-folder.ts";
import { decodeImage } from "../../../../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../../../../src-main/engine/images/decode-label-map.ts";
import { classThresholds } from "../../../../../src-main/engine/methods/crots/class-thresholds.ts";
import { GIVEN_EXTENSIONS, givenLabels } from "../../../../../src-main/engine/methods/crots/given-labels.ts";
import { rareClassesOf } from "../../../../../src-main/engine/methods/crots/hard-patches.ts";
import { imagesOfList, namesInList } from "../../../../../src-main/engine/methods/crots/image-list.ts";
import {
  type LabelTargetOptions,
  type LabelTargetRequest,
  labelTarget,
} from "../../../../../src-main/engine/methods/crots/label-target.ts";
import { listPatches } from "../../../../../src-main/engine/methods/crots/open-labelled-target.ts";
import { filesOfImages, namesBelowCommon } from "../../../../../src-main/engine/methods/crots/target-names.ts";
import { CITYSCAPES_PALETTE } from "../../../../../src-shared/labels/palettes.ts";
import { CROTS_FIXTURES } from "../../../../helpers/fixtures-root.ts";
import { temporaryFolder } from "../../../../helpers/temporary-folder.ts";
import {
  halves,
  TINY_SIZE,
  type TinyTarget,
  writeLabels,
  writeNpy,
  writeTarget,
} from "../../../../helpers/tiny-target.ts";

const LIGHT = 6;
const ROAD = 0;
const PIXELS = TINY_SIZE[0] * TINY_SIZE[1];

function requestOf(target: TinyTarget, different: Partial<LabelTargetRequest>): LabelTargetRequest {
  return {
    images: readImageFiles(target.paths),
    names: target.names,
    label: async () => ({ labels: halves(ROAD, LIGHT), confidence: null, entropy: null }),
    size: TINY_SIZE,
    palette: CITYSCAPES_PALETTE,
    folders: { pseudoLabels: null, hardPatches: null },
    rareClasses: [LIGHT],
    classShare: null,
    settings: { checkpoint: "one" },
    ...different,
  };
}

const label = (target: TinyTarget, different: Partial<LabelTargetRequest>, options?: LabelTargetOptions) =>
  labelTarget(requestOf(target, different), options);

describe("pseudo-labels and hard patches", () => {
  it("go on image by image where they were stopped, from labels that were asked for once", async () => {
    const target = await writeTarget(join(temporaryFolder(), "target"));
    const folders = { pseudoLabels: temporaryFolder(), hardPatches: temporaryFolder() };
    const asked: number[] = [];
    const stop = new AbortController();
    const labelled: LabelTargetRequest["label"] = async (_, index) => {
      asked.push(index);
      if (asked.length === 2) stop.abort();
      return { labels: halves(ROAD, LIGHT), confidence: null, entropy: null };
    };
    await expect(label(target, { folders, label: labelled }, { signal: stop.signal })).rejects.toThrow();
    const { patches } = await label(target, { folders, label: labelled });
    expect(asked).toEqual([0, 1, 2]);
    expect(patches).toBe(3 * 8);
    expect(readdirSync(join(folders.pseudoLabels, "label_ids", "train"))).toHaveLength(3);
    expect(readdirSync(join(folders.hardPatches, "patches"))).toEqual(readdirSync(join(folders.hardPatches, "labels")));
  });

  it("are not mixed with those of another model", async () => {
    const target = await writeTarget(join(temporaryFolder(), "target"), 1);
    const folders = { pseudoLabels: temporaryFolder(), hardPatches: null };
    await label(target, { folders });
    await expect(label(target, { folders, settings: { checkpoint: "two" } })).rejects.toThrow(
      /was begun with another model, size or other classes; go on with the same, or name another folder/,
    );
  });

  it("need images", async () => {
    const target = { folder: "", paths: [], names: [] };
    await expect(label(target, {})).rejects.toThrow("The target has no images; name a folder that holds some.");
  });

  it("name the classes that no patch has", async () => {
    const target = await writeTarget(join(temporaryFolder(), "target"), 1);
    const notices: string[] = [];
    const onNotice = (message: string): void => void notices.push(message);
    const folders = { pseudoLabels: null, hardPatches: temporaryFolder() };
    await label(target, { folders, rareClasses: [LIGHT, 12, 17] }, { onNotice });
    expect(notices).toEqual(["No hard patch has a pixel of the classes 12, 17: patches will teach nothing of them."]);
    const none = { pseudoLabels: null, hardPatches: temporaryFolder() };
    expect(await label(target, { folders: none, rareClasses: [16] })).toEqual({ patches: 0 });
    await expect(listPatches(none.hardPatches, TINY_SIZE)).rejects.toThrow(
      /holds no hard patch: .* name other classes/,
    );
  });

  it("keep images of one name in different folders apart", async () => {
    const root = temporaryFolder();
    const [a, b] = [await writeTarget(join(root, "a"), 1), await writeTarget(join(root, "b"), 1)];
    const names = namesBelowCommon([...a.paths, ...b.paths]);
    const folders = { pseudoLabels: temporaryFolder(), hardPatches: temporaryFolder() };
    await label({ folder: root, paths: [...a.paths, ...b.paths], names }, { folders });
    expect(readdirSync(join(folders.hardPatches, "patches"))).toHaveLength(2 * 8);
    const found = await filesOfImages(folders.pseudoLabels, names, [".png"], "pseudo-labels");
    expect(new Set(found).size).toBe(2);
  });
});

describe("class-balanced thresholds", () => {
  it("keep at least the share of every class that is surest", async () => {
    const target = await writeTarget(join(temporaryFolder(), "target"), 2);
    const folders = { pseudoLabels: temporaryFolder(), hardPatches: null };
    const rising = Float32Array.from({ length: PIXELS }, (_, i) => i / PIXELS);
    const unsure: LabelTargetRequest["label"] = async () => ({
      labels: halves(ROAD, LIGHT),
      confidence: rising,
      entropy: 1,
    });
    await label(target, { folders, label: unsure, classShare: 0.25 });
    const { data } = await decodeLabelMap(
      join(folders.pseudoLabels, "label_ids", "train", "street_0_gtFine_labelIds.png"),
    );
    for (const id of [ROAD, LIGHT]) {
      const share = data.filter((value) => value === id).length / (PIXELS / 2);
      expect(share).toBeGreaterThanOrEqual(0.25);
      expect(share).toBeLessThan(0.27);
    }
    expect(data.some((value) => value === 255)).toBe(true);
  });

  it("of a class are one step of its own confidences", () => {
    const confidences: [number, number, number][] = [
      [0, 10, 50],
      [0, 200, 50],
      [5, 3, 1],
    ];
    expect(classThresholds([{ confidences }], 0.5)).toEqual(
      new Map([
        [0, 200],
        [5, 3],
      ]),
    );
  });

  it("need confidences", async () => {
    const target = await writeTarget(join(temporaryFolder(), "target"), 1);
    const folders = { pseudoLabels: temporaryFolder(), hardPatches: null };
    await expect(label(target, { folders, classShare: 0.5 })).rejects.toThrow(
      "--class-share: class-balanced thresholds need confidences, and maps of classes have none; give probabilities, or leave it out.",
    );
  });
});

describe("somebody's predictions", () => {
  const soft = (first: "classes" | "pixels"): Float32Array => {
    const scores = new Float32Array(19 * PIXELS);
    const labels = halves(ROAD, LIGHT).data;
    for (const [i, id] of labels.entries()) scores[first === "classes" ? id * PIXELS + i : i * 19 + id] = 1;
    return scores;
  };

  it("are maps of classes or probabilities with the classes first or last, which say the same", async () => {
    const folder = temporaryFolder();
    const [height, width] = TINY_SIZE;
    await writeLabels(join(folder, "hard.png"), halves(ROAD, LIGHT));
    writeNpy(join(folder, "first.npy"), [19, height, width], soft("classes"));
    writeNpy(join(folder, "last.npy"), [height, width, 19], soft("pixels"));
    const image = { width, height, data: new Uint8Array(3 * PIXELS) };
    const found = await Promise.all(
      ["hard.png", "first.npy", "last.npy"].map((file) => givenLabels(join(folder, file), image, TINY_SIZE, 19)),
    );
    for (const { labels } of found) expect(labels).toEqual(halves(ROAD, LIGHT));
    expect(found.map(({ entropy }) => entropy)).toEqual([null, 0, 0]);
    expect(found[1]?.confidence?.every((value) => value === 1)).toBe(true);
  });

  it("of another number of classes, or of other images, are refused", async () => {
    const folder = temporaryFolder();
    const [height, width] = TINY_SIZE;
    const image = { width, height, data: new Uint8Array(3 * PIXELS) };
    const file = (name: string) => join(folder, name);
    writeNpy(file("soft.npy"), [16, height, width], new Float32Array(16 * PIXELS));
    await expect(givenLabels(file("soft.npy"), image, TINY_SIZE, 19)).rejects.toThrow(
      '"soft.npy" has the shape 16 x 64 x 128, in which no side is the 19 classes; give classes x height x width, or --num-classes.',
    );
    await writeLabels(file("ids.png"), halves(0, 26));
    await expect(givenLabels(file("ids.png"), image, TINY_SIZE, 19)).rejects.toThrow(
      '"ids.png" has the class 26, and there are 19; give train ids from 0 to 18, 255 where unknown.',
    );
    await writeLabels(file("square.png"), halves(0, 1, [64, 64]));
    await expect(givenLabels(file("square.png"), image, TINY_SIZE, 19)).rejects.toThrow(
      '"square.png" is 64 x 64, and its image 128 x 64: they are of different images; give labels of these.',
    );
  });

  it("are found by the images' names, as the original and others keep them", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "label_ids", "train", "city"), { recursive: true });
    const map = halves(0, 1);
    await writeLabels(join(folder, "label_ids", "train", "city", "a_gtFine_labelIds.png"), map);
    await writeLabels(join(folder, "b_trainIds.png"), map);
    const images = ["city/a_leftImg8bit.png", "city/b_leftImg8bit.jpg"];
    const found = await filesOfImages(folder, images, GIVEN_EXTENSIONS, "predictions");
    expect(found.map((path) => path.slice(folder.length + 1))).toEqual([
      join("label_ids", "train", "city", "a_gtFine_labelIds.png"),
      "b_trainIds.png",
    ]);
    await expect(filesOfImages(folder, [...images, "city/c.png"], GIVEN_EXTENSIONS, "predictions")).rejects.toThrow(
      /holds predictions of other images: 1 of 3 have none, such as "city\/c.png"; make the predictions of these images/,
    );
  });
});

describe("a folder of patches", () => {
  async function patches(): Promise<string> {
    const target = await writeTarget(join(temporaryFolder(), "target"), 1);
    const folder = temporaryFolder();
    await label(target, { folders: { pseudoLabels: null, hardPatches: folder } });
    return folder;
  }

  it("is listed with its labels", async () => {
    const folder = await patches();
    const listed = await listPatches(folder, TINY_SIZE);
    expect(listed.kind).toBe("relabelled");
    const first = readdirSync(join(folder, "patches")).toSorted()[0] ?? "";
    expect(await decodeImage(join(folder, "patches", first))).toMatchObject({ width: 32, height: 16 });
  });

  it("that changed between the stages is refused", async () => {
    const folder = await patches();
    const [first = "", second = ""] = readdirSync(join(folder, "patches")).toSorted();
    rmSync(join(folder, "labels", second));
    await expect(listPatches(folder, TINY_SIZE)).rejects.toThrow(`has no labels of the patch "${second}"`);
    rmSync(join(folder, "patches", first));
    await expect(listPatches(folder, TINY_SIZE)).rejects.toThrow(
      `has changed since its patches were cut: "${first}" is gone; cut the patches again with \`acclimate hard-patches\`.`,
    );
  });

  it("of images of another size is refused", async () => {
    await expect(listPatches(await patches(), [128, 256])).rejects.toThrow(
      /has patches of 32 x 16, and those of images of 256 x 128 are 64 x 32/,
    );
  });
});

describe("names", () => {
  it("of rare classes are sets, or train ids below the number of classes", () => {
    expect(rareClassesOf("gta5", 19)).toEqual([6, 7, 12, 16, 17, 18]);
    expect(rareClassesOf("6, 12", 19)).toEqual([6, 12]);
    expect(() => rareClassesOf("6,19", 19)).toThrow(/neither synthia nor gta5 nor train ids from 0 to 18/);
  });

  it("in the original's lists end before the first space", async () => {
    const { list_lines, cases } = JSON.parse(readFileSync(`${CROTS_FIXTURES}I-data/case.json`, "utf8")) as {
      list_lines: string[];
      cases: { name: string }[];
    };
    expect(namesInList(list_lines.join("\n"))).toEqual([...new Set(cases.map(({ name }) => name))]);
    const target = await writeTarget(join(temporaryFolder(), "leftImg8bit", "train"), 1);
    const root = join(target.folder, "..", "..");
    expect(imagesOfList(`${target.names[0]} 0.5\n`, root, "easy.txt").names).toEqual(target.names);
    expect(() => imagesOfList("nowhere.png", root, "list.txt")).toThrow(/"nowhere.png" of "list.txt" is not below/);
    expect(() => imagesOfList("\n", root, "list.txt")).toThrow('"list.txt" lists no images; name another list.');
  });
});
