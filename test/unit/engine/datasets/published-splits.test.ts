// Published splits: as many images as the authors say, of the right data set, disjoint where they are.
import { describe, expect, test } from "vitest";
import { CITYSCAPES_SELECTION_FRAMES } from "../../../../src-main/engine/datasets/da-sac-split-lists.ts";
import { isInSplit } from "../../../../src-main/engine/datasets/published-splits.ts";

const GTA5 = Array.from({ length: 24_966 }, (_, k) => ({
  key: `images/${String(k + 1).padStart(5, "0")}.png`,
  split: null,
}));
const SYNTHIA = Array.from({ length: 9400 }, (_, k) => ({ key: `RGB/${String(k).padStart(7, "0")}.png`, split: null }));

const ofSplit = (items: readonly { key: string; split: string | null }[], split: string) =>
  items.filter((item) => isInSplit(item, split)).map(({ key }) => key);

describe("of DA-SAC", () => {
  test("GTA5's are 9000 and 1000 of the first 10000 frames, disjoint", () => {
    const [training, validation] = [ofSplit(GTA5, "train_game_9K"), ofSplit(GTA5, "val_game_1K")];
    expect([training.length, validation.length]).toEqual([9000, 1000]);
    expect(new Set([...training, ...validation]).size).toBe(10_000);
    expect(validation.slice(0, 4)).toEqual([
      "images/00001.png",
      "images/00006.png",
      "images/00016.png",
      "images/00018.png",
    ]);
    expect(training.at(-1)).toBe("images/10000.png");
  });

  test("SYNTHIA's are all 9400 images, and 400 of them", () => {
    expect(ofSplit(SYNTHIA, "train_synthia_9K").length).toBe(9400);
    const validation = ofSplit(SYNTHIA, "val_synthia");
    expect([validation.length, validation[0], validation.at(-1)]).toEqual([400, "RGB/0000049.png", "RGB/0009351.png"]);
  });

  test("Cityscapes' second validation is 500 images of its training", () => {
    expect(CITYSCAPES_SELECTION_FRAMES.size).toBe(500);
    const item = (city: string, frame: string, split: string) => ({
      key: `leftImg8bit/${split}/${city}/${city}_${frame}_leftImg8bit.png`,
      split,
    });
    expect(isInSplit(item("aachen", "000000_000019", "train"), "val2_cityscapes")).toBe(true);
    expect(isInSplit(item("aachen", "000001_000019", "train"), "val2_cityscapes")).toBe(false);
    expect(isInSplit(item("bochum", "000000_000885", "train"), "val2_cityscapes")).toBe(true);
    expect(isInSplit(item("zurich", "000121_000019", "train"), "val2_cityscapes")).toBe(true);
    expect(isInSplit(item("aachen", "000000_000019", "val"), "val2_cityscapes")).toBe(false);
    expect(isInSplit(item("ulm", "000011_000019", "train"), "train_cityscapes")).toBe(true);
    expect(isInSplit(item("lindau", "000000_000019", "val"), "val_cityscapes")).toBe(true);
    expect(isInSplit(item("berlin", "000000_000019", "test"), "test_cityscapes")).toBe(true);
  });

  test("take nothing of other data sets", () => {
    for (const split of ["train_game_9K", "val_synthia", "train_cityscapes"]) {
      expect(isInSplit({ key: "images/street.png", split: "train" }, split)).toBe(false);
    }
  });
});

test("a data set's own splits stay what they are; names of nothing are no splits", () => {
  expect(isInSplit({ key: "images/00001.png", split: "train" }, "train")).toBe(true);
  expect(isInSplit({ key: "images/00001.png", split: "train" }, "val")).toBe(false);
  expect(isInSplit({ key: "images/00001.png", split: null }, "toString")).toBe(false);
});
