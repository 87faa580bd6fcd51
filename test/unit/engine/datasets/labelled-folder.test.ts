// Dataset folders: pairs by name, and one sentence for each thing that can be wrong with them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openLabelledFolder } from "../../../../src-main/engine/datasets/labelled-folder.ts";
import { encodeLabelPng, encodeRgbPng } from "../../../../src-main/engine/images/encode-png.ts";
import { temporaryFolder } from "../../../helpers/pictures.ts";

interface Sizes {
  readonly label?: { width: number; height: number };
  readonly id?: number;
}

async function folderWith(names: readonly string[], { label = { width: 8, height: 6 }, id = 3 }: Sizes = {}) {
  const root = temporaryFolder();
  for (const part of ["images", "labels"]) mkdirSync(join(root, part));
  for (const name of names) {
    const image = { width: 8, height: 6, data: new Uint8Array(8 * 6 * 3).fill(name.length) };
    const labels = { ...label, data: new Uint8Array(label.width * label.height).fill(id) };
    writeFileSync(join(root, "images", `${name}.png`), await encodeRgbPng(image));
    writeFileSync(join(root, "labels", `${name}.png`), await encodeLabelPng(labels));
  }
  return root;
}

describe("openLabelledFolder", () => {
  it("reads image and labels of one name, in the order of the names", async () => {
    const data = await openLabelledFolder(await folderWith(["bb", "a"]), 19);
    expect(data.count).toBe(2);
    const first = await data.read(0);
    expect(first.image.data[0]).toBe(1);
    expect(first.labels.data[0]).toBe(3);
  });

  it("takes 255 for ignored", async () => {
    const data = await openLabelledFolder(await folderWith(["a"], { id: 255 }), 19);
    expect((await data.read(0)).labels.data[0]).toBe(255);
  });

  it("names the folder that is not there", async () => {
    await expect(openLabelledFolder(join(temporaryFolder(), "no"), 19)).rejects.toMatchObject({
      code: "input.missing",
    });
  });

  it("refuses a folder without images", async () => {
    await expect(openLabelledFolder(await folderWith([]), 19)).rejects.toMatchObject({ code: "input.unreadable" });
  });

  it("names the label file that is missing", async () => {
    const root = await folderWith(["a"]);
    writeFileSync(join(root, "images", "lonely.jpg"), "");
    await expect(openLabelledFolder(root, 19)).rejects.toMatchObject({
      code: "input.missing",
      message: expect.stringContaining('lonely.png" is not there, the labels of "lonely.jpg"'),
    });
  });

  it("refuses labels of another size", async () => {
    const data = await openLabelledFolder(await folderWith(["a"], { label: { width: 4, height: 6 } }), 19);
    await expect(data.read(0)).rejects.toMatchObject({ code: "label.size" });
  });

  it("refuses ids that are no train ids", async () => {
    const data = await openLabelledFolder(await folderWith(["a"], { id: 26 }), 19);
    await expect(data.read(0)).rejects.toMatchObject({
      code: "label.ids",
      message: expect.stringContaining("holds the id 26"),
    });
  });
});
