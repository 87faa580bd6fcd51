// Files of polygons as labels: what is drawn, over what, and what their names count as.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLabels } from "../../../../src-main/engine/datasets/read-labels.ts";
import { colorPng, datasetFolder, listed } from "../../../helpers/dataset-trees.ts";

/** Three pixels in a row. */
const IMAGE = colorPng(8, [1, 2, 3], [4, 5, 6], [7, 8, 9]);
const box = (from: number, to: number) => [
  [from, 0],
  [to, 0],
];

async function labels(name: string, document: unknown, numClasses = 19, image = "a.png") {
  const root = datasetFolder("mine", [], { [name]: JSON.stringify(document), [image]: IMAGE });
  const source = { imagePath: join(root, image), labelPath: join(root, name), labelEncoding: "polygons" as const };
  const { labels: map, unknown, hints } = await readLabels(source, numClasses);
  return { ids: [...map.data], unknown, hints };
}

const cityscapes = (...objects: readonly unknown[]) => ({ imgHeight: 1, imgWidth: 3, objects });

describe("Cityscapes' polygons", () => {
  it("lie over one another in their order, and what is deleted or a plate is not drawn", async () => {
    const document = cityscapes(
      { label: "road", polygon: box(0, 2) },
      { label: "cargroup", polygon: box(1, 2) },
      { label: "license plate", polygon: box(2, 2) },
      { label: "sky", polygon: box(0, 2), deleted: 1 },
    );
    expect(await labels("a_gtFine_polygons.json", document)).toMatchObject({ ids: [0, 13, 13], unknown: [] });
  });

  it("are nothing where nothing is drawn, or of no evaluated class; other names are told", async () => {
    const document = cityscapes(
      { label: "out of roi", polygon: box(0, 0) },
      { label: "spaceship", polygon: box(1, 1) },
    );
    expect(await labels("a.json", document)).toMatchObject({
      ids: [255, 255, 255],
      unknown: [{ what: 'class "spaceship"', pixels: 1 }],
    });
  });

  it("know IDD's names, and the 16 classes of SYNTHIA", async () => {
    const document = cityscapes(
      { label: "non-drivable fallback", polygon: box(0, 0) },
      { label: "autorickshaw", polygon: box(1, 1) },
      { label: "car", polygon: box(2, 2) },
    );
    expect((await labels("a.json", document)).ids).toEqual([9, 255, 13]);
    expect((await labels("a.json", document, 16)).ids).toEqual([255, 255, 12]);
  });

  it("have to fit the image", async () => {
    await expect(labels("a.json", { ...cityscapes(), imgWidth: 4 })).rejects.toMatchObject({ code: "label.size" });
  });
});

describe("polygons of labelling tools", () => {
  it("are read from LabelMe; other shapes are told", async () => {
    const document = {
      imageWidth: 3,
      imageHeight: 1,
      shapes: [
        { label: "Road", points: box(0, 2), shape_type: "polygon" },
        { label: "car", points: box(1, 1), shape_type: "rectangle" },
        { label: "pole", points: [[0, 0]], shape_type: "point" },
      ],
    };
    const { ids, hints } = await labels("a.json", document);
    expect(ids).toEqual([0, 13, 0]);
    expect(hints).toEqual([expect.stringContaining('1 of "pole"')]);
  });

  it("are read from Supervisely, with holes", async () => {
    const points = { exterior: box(0, 2), interior: [box(1, 1)] };
    const document = {
      size: { width: 3, height: 1 },
      objects: [
        { classTitle: "sky", geometryType: "polygon", points: { exterior: box(0, 2) } },
        { classTitle: "tree", geometryType: "polygon", points },
      ],
    };
    expect((await labels("a.png.json", document)).ids).toEqual([8, 10, 8]);
  });

  const coco = {
    images: [{ id: 7, file_name: "images/a.png", width: 3, height: 1 }],
    annotations: [
      { image_id: 7, category_id: 1, segmentation: [[0, 0, 2, 0]] },
      { image_id: 7, category_id: 2, segmentation: [[2, 0, 2, 0]] },
      { image_id: 8, category_id: 2, segmentation: [[0, 0, 2, 0]] },
    ],
    categories: [
      { id: 1, name: "road" },
      { id: 2, name: "pedestrian" },
    ],
  };

  it("are read from COCO's list, those of the image alone", async () => {
    expect((await labels("instances_val.json", coco)).ids).toEqual([0, 0, 11]);
    await expect(labels("instances_val.json", coco, 19, "b.png")).rejects.toMatchObject({ code: "input.missing" });
  });

  it("are read from CVAT's XML, in the order of z", async () => {
    const text = `<?xml version="1.0"?><annotations><image id="0" name="set/a.png" width="3" height="1">
      <polygon label="car" points="1,0;1,0" z_order="1"></polygon>
      <polygon label="road" points="0,0;2,0" z_order="0"/><box label="R&amp;D" xtl="0"/></image>
      <image id="1" name="b.png" width="3" height="1"/></annotations>`;
    const root = datasetFolder("mine", [], { "annotations.xml": text, "images/a.png": IMAGE });
    const [item] = (await listed(root)).items;
    if (item === undefined) throw new Error("an image was expected");
    const { labels: map, hints } = await readLabels(item, 19);
    expect([...map.data]).toEqual([0, 13, 0]);
    expect(hints).toEqual([expect.stringContaining('1 of "R&D"')]);
  });

  it.each([["names: [road, 'car']\n"], ["path: x\nnames:\n  0: road\n  1: car\nnc: 2\n"], ["names:\n- road\n- car\n"]])(
    "are read from YOLO's text, with names from %j",
    async (yaml) => {
      const text = "0 0 0 0.99 0 0.99 0.9\n1 0.34 0 0.34 0 0.34 0\n1 0.5 0.5 0.1 0.1\n";
      const root = datasetFolder("mine", [], {
        "data.yaml": yaml,
        "train/images/a.png": IMAGE,
        "train/labels/a.txt": text,
      });
      const [item] = (await listed(root)).items;
      if (item === undefined) throw new Error("an image was expected");
      const { labels: map, hints } = await readLabels(item, 19);
      expect([...map.data]).toEqual([0, 13, 0]);
      expect(hints).toEqual([expect.stringContaining('1 of "car"')]);
    },
  );

  it("are found beside images, in folders of their own, and in lists", async () => {
    const document = JSON.stringify({ shapes: [{ label: "road", points: box(0, 2) }] });
    const found = async (files: Readonly<Record<string, string>>) => {
      const root = datasetFolder("mine", ["photos/a.jpg", "photos/b.jpg"], files);
      return (await listed(root)).items.map(({ labelPath }) => labelPath?.slice(root.length + 1) ?? null);
    };
    expect(await found({ "photos/a.json": document })).toEqual(["photos/a.json", null]);
    expect(await found({ "ann/b.jpg.json": document })).toEqual([null, "ann/b.jpg.json"]);
    const list = JSON.stringify({ ...coco, images: [{ ...coco.images[0], file_name: "b.jpg" }] });
    expect(await found({ "annotations/instances_default.json": list })).toEqual([
      null,
      "annotations/instances_default.json",
    ]);
    // A camera's notes are no labels.
    expect(await found({ "photos/a.json": '{"exposure": 3}' })).toEqual([null, null]);
  });

  it("are refused when they are something else, or break off", async () => {
    await expect(labels("a.json", { exposure: 3 })).rejects.toMatchObject({ code: "image.format" });
    const root = datasetFolder("mine", [], { "a.json": '{"shapes": [', "a.png": IMAGE });
    const source = {
      imagePath: join(root, "a.png"),
      labelPath: join(root, "a.json"),
      labelEncoding: "polygons" as const,
    };
    await expect(readLabels(source, 19)).rejects.toMatchObject({ code: "image.damaged" });
  });
});
