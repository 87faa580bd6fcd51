// Every layout on a tiny tree of its own: how it is told, its pairs, encodings, splits and tags.
import { relative } from "node:path";
import { describe, expect, it } from "vitest";
import { detectLayout, detectLayouts } from "../../../../src-main/engine/datasets/detect-layout.ts";
import { DATASET_LAYOUTS, type DatasetLayout } from "../../../../src-shared/contract/dataset.ts";
import { datasetFolder, type Listed, listed, palettePng } from "../../../helpers/dataset-trees.ts";

/** One line an item: image → label (encoding) split [tags]. */
function shown(root: string, { items }: Listed): string[] {
  return items.map(({ key, imagePath, labelPath, labelEncoding, split, tags }) => {
    expect(relative(root, imagePath)).toBe(key);
    const label = labelPath === null ? "nothing" : `${relative(root, labelPath)} (${labelEncoding})`;
    return `${key} → ${label} ${split} [${tags.join(", ")}]`;
  });
}

interface Case {
  readonly layout: DatasetLayout;
  readonly what: string;
  readonly root: string;
  readonly files: readonly string[];
  readonly items: readonly string[];
  /** Codes without their "dataset." and counts. */
  readonly report?: Readonly<Record<string, number>>;
}

const CASES: readonly Case[] = [
  {
    layout: "cityscapes",
    what: "published",
    root: "cs",
    files: [
      "leftImg8bit/val/ulm/ulm_000000_000019_leftImg8bit.png",
      "leftImg8bit/train/bonn/bonn_000000_000019_leftImg8bit.png",
      "leftImg8bit/train/bonn/bonn_000001_000019_leftImg8bit.png",
      "leftImg8bit/test/bern/bern_000000_000019_leftImg8bit.png",
      "gtFine/train/bonn/bonn_000000_000019_gtFine_labelIds.png",
      "gtFine/train/bonn/bonn_000000_000019_gtFine_labelTrainIds.png",
      "gtFine/train/bonn/bonn_000000_000019_gtFine_color.png",
      "gtFine/train/bonn/bonn_000009_000019_gtFine_labelIds.png",
      "gtFine/val/ulm/ulm_000000_000019_gtFine_labelTrainIds.png",
      "gtFine/test/bern/bern_000000_000019_gtFine_labelIds.png",
    ],
    items: [
      "leftImg8bit/train/bonn/bonn_000000_000019_leftImg8bit.png → gtFine/train/bonn/bonn_000000_000019_gtFine_labelIds.png (cityscapes) train [bonn]",
      "leftImg8bit/train/bonn/bonn_000001_000019_leftImg8bit.png → nothing train [bonn]",
      "leftImg8bit/val/ulm/ulm_000000_000019_leftImg8bit.png → gtFine/val/ulm/ulm_000000_000019_gtFine_labelTrainIds.png (trainIds) val [ulm]",
      "leftImg8bit/test/bern/bern_000000_000019_leftImg8bit.png → nothing test [bern]",
    ],
    report: { labelMissing: 1, imageMissing: 1 },
  },
  {
    layout: "cityscapes",
    what: "with train ids in files called labelIds",
    root: "cs",
    files: ["leftImg8bit/val/ulm/u_leftImg8bit.png", "gtFine2/val/ulm/u_gtFine_labelIds.png"],
    items: ["leftImg8bit/val/ulm/u_leftImg8bit.png → gtFine2/val/ulm/u_gtFine_labelIds.png (trainIds) val [ulm]"],
  },
  {
    layout: "cityscapes",
    what: "without labels",
    root: "cs",
    files: ["leftImg8bit/val/ulm/u_leftImg8bit.png"],
    items: ["leftImg8bit/val/ulm/u_leftImg8bit.png → nothing val [ulm]"],
    report: { folderMissing: 1, labelMissing: 1 },
  },
  {
    layout: "foggy-cityscapes",
    what: "three densities of one image",
    root: "cs",
    files: [
      ...["0.005", "0.01", "0.02"].map((beta) => `leftImg8bit_foggy/val/ulm/u_leftImg8bit_foggy_beta_${beta}.png`),
      "gtFine/val/ulm/u_gtFine_labelIds.png",
    ],
    items: ["0.005", "0.01", "0.02"].map(
      (beta) =>
        `leftImg8bit_foggy/val/ulm/u_leftImg8bit_foggy_beta_${beta}.png → gtFine/val/ulm/u_gtFine_labelIds.png (cityscapes) val [ulm, fog, beta ${beta}]`,
    ),
  },
  {
    layout: "rain-cityscapes",
    what: "a few of Cityscapes' images",
    root: "cs",
    files: [
      "leftImg8bit_rain/val/ulm/u_leftImg8bit_rain_alpha_0.01_beta_0.005_dropsize_0.01_pattern_12.png",
      "gtFine/val/ulm/u_gtFine_labelTrainIds.png",
      "gtFine/val/ulm/dry_gtFine_labelTrainIds.png",
    ],
    items: [
      "leftImg8bit_rain/val/ulm/u_leftImg8bit_rain_alpha_0.01_beta_0.005_dropsize_0.01_pattern_12.png → gtFine/val/ulm/u_gtFine_labelTrainIds.png (trainIds) val [ulm, rain, alpha 0.01 beta 0.005 dropsize 0.01, pattern 12]",
    ],
  },
  {
    layout: "idd",
    what: "rendered, its own ids, polygons only, or other levels",
    root: "idd",
    files: [
      "leftImg8bit/train/0/a_leftImg8bit.png",
      "leftImg8bit/train/1/b_leftImg8bit.jpg",
      "leftImg8bit/val/2/c_leftImg8bit.png",
      "gtFine/train/0/a_gtFine_labelcsTrainIds.png",
      "gtFine/train/0/a_gtFine_polygons.json",
      "gtFine/train/1/b_gtFine_labelids.png",
      "gtFine/val/2/c_gtFine_polygons.json",
      "gtFine/val/2/c_gtFine_labellevel3Ids.png",
    ],
    items: [
      "leftImg8bit/train/0/a_leftImg8bit.png → gtFine/train/0/a_gtFine_labelcsTrainIds.png (trainIds) train [0]",
      "leftImg8bit/train/1/b_leftImg8bit.jpg → gtFine/train/1/b_gtFine_labelids.png (iddIds) train [1]",
      "leftImg8bit/val/2/c_leftImg8bit.png → gtFine/val/2/c_gtFine_polygons.json (polygons) val [2]",
    ],
    report: { labelsOfOtherIds: 1 },
  },
  {
    layout: "gta5",
    what: "flat, with known broken frames",
    root: "gta",
    files: ["00001", "15188", "17705", "20801", "20860", "20861"].flatMap((id) => [
      `images/${id}.png`,
      `labels/${id}.png`,
    ]),
    items: ["images/00001.png → labels/00001.png (gta) null []", "images/20861.png → labels/20861.png (gta) null []"],
    report: { knownBroken: 4 },
  },
  {
    layout: "gta5",
    what: "in folders of its splits, with converted labels beside its own",
    root: "gta",
    files: [
      "images/val/00002.png",
      "images/train/00001.png",
      "labels/val/00002_labelTrainIds.png",
      "labels/train/00001.png",
      "labels/train/00001_labelTrainIds.png",
    ],
    items: [
      "images/train/00001.png → labels/train/00001.png (gta) train []",
      "images/val/00002.png → labels/val/00002_labelTrainIds.png (trainIds) val []",
    ],
  },
  {
    layout: "gta5",
    what: "with converted labels only",
    root: "game",
    files: ["images/00001.png", "labels_cs/00001.png"],
    items: ["images/00001.png → labels_cs/00001.png (trainIds) null []"],
  },
  {
    layout: "synthia",
    what: "published",
    root: "rand",
    files: ["RGB/0000001.png", "RGB/0000000.png", "GT/LABELS/0000000.png", "GT/LABELS/0000001_labelTrainIds.png"],
    items: [
      "RGB/0000000.png → GT/LABELS/0000000.png (synthia) null []",
      "RGB/0000001.png → GT/LABELS/0000001_labelTrainIds.png (trainIds) null []",
    ],
  },
  {
    layout: "synthia",
    what: "with converted labels",
    root: "rand",
    files: ["RGB/0000000.png", "labels_cs/0000000.png"],
    items: ["RGB/0000000.png → labels_cs/0000000.png (trainIds) null []"],
  },
  {
    layout: "synthia",
    what: "in Cityscapes' folders, told by the name of the root",
    root: "synthia",
    files: ["leftImg8bit/val/seq/7_leftImg8bit.png", "gtFine/val/seq/7_gtFine_labelIds.png"],
    items: ["leftImg8bit/val/seq/7_leftImg8bit.png → gtFine/val/seq/7_gtFine_labelIds.png (synthia) val [seq]"],
  },
  {
    layout: "bdd100k",
    what: "newer release",
    root: "b",
    files: [
      "images/10k/train/x-1.jpg",
      "images/10k/test/x-2.jpg",
      "images/100k/train/x-3.jpg",
      "labels/sem_seg/masks/train/x-1.png",
    ],
    items: [
      "images/10k/train/x-1.jpg → labels/sem_seg/masks/train/x-1.png (trainIds) train []",
      "images/10k/test/x-2.jpg → nothing test []",
    ],
  },
  {
    layout: "bdd100k",
    what: "older release",
    root: "b",
    files: ["seg/images/val/x-1.jpg", "seg/labels/val/x-1_train_id.png"],
    items: ["seg/images/val/x-1.jpg → seg/labels/val/x-1_train_id.png (trainIds) val []"],
  },
  {
    layout: "mapillary",
    what: "version 1.2",
    root: "m",
    files: [
      "training/images/a.jpg",
      "training/v1.2/labels/a.png",
      "validation/images/b.jpg",
      "validation/v2.0/labels/b.png",
      "testing/images/c.jpg",
    ],
    items: [
      "training/images/a.jpg → training/v1.2/labels/a.png (mapillary) train []",
      "validation/images/b.jpg → nothing val []",
      "testing/images/c.jpg → nothing test []",
    ],
    report: { folderMissing: 1, labelMissing: 1 },
  },
  {
    layout: "wilddash",
    what: "panoptic",
    root: "wd",
    files: ["images/ad_01.jpg", "panoptic/ad_01.png", "panoptic.json"],
    items: ["images/ad_01.jpg → panoptic/ad_01.png (wilddash2) null []"],
  },
  {
    layout: "wilddash",
    what: "8-bit ids, told by the name of the root",
    root: "wd_public_02",
    files: ["images/ad_01.jpg", "labels/ad_01.png"],
    items: ["images/ad_01.jpg → labels/ad_01.png (wilddash) null []"],
  },
  {
    layout: "acdc",
    what: "published, with reference images left out",
    root: "a",
    files: [
      "rgb_anon/night/train/GP01/GP01_frame_000001_rgb_anon.png",
      "rgb_anon/night/train_ref/GP01/GP01_frame_000001_rgb_ref_anon.png",
      "rgb_anon/fog/val/GOPR02/GOPR02_frame_000002_rgb_anon.png",
      "rgb_anon/fog/test/GOPR03/GOPR03_frame_000002_rgb_anon.png",
      "gt/night/train/GP01/GP01_frame_000001_gt_labelTrainIds.png",
      "gt/night/train/GP01/GP01_frame_000001_gt_labelColor.png",
      "gt/fog/val/GOPR02/GOPR02_frame_000002_gt_labelIds.png",
    ],
    items: [
      "rgb_anon/night/train/GP01/GP01_frame_000001_rgb_anon.png → gt/night/train/GP01/GP01_frame_000001_gt_labelTrainIds.png (trainIds) train [night, GP01]",
      "rgb_anon/fog/val/GOPR02/GOPR02_frame_000002_rgb_anon.png → gt/fog/val/GOPR02/GOPR02_frame_000002_gt_labelIds.png (cityscapes) val [fog, GOPR02]",
      "rgb_anon/fog/test/GOPR03/GOPR03_frame_000002_rgb_anon.png → nothing test [fog, GOPR03]",
    ],
    report: { otherLayout: 1 },
  },
  {
    layout: "acdc",
    what: "flattened by split",
    root: "a",
    files: ["rgb_anon/val/GOPR02_frame_2_rgb_anon.png", "gt/val/GOPR02_frame_2_gt_labelTrainIds.png"],
    items: [
      "rgb_anon/val/GOPR02_frame_2_rgb_anon.png → gt/val/GOPR02_frame_2_gt_labelTrainIds.png (trainIds) val [GOPR02]",
    ],
  },
  {
    layout: "acdc-reference",
    what: "flattened by split, not all labelled",
    root: "acdcref",
    files: [
      "rgb_anon/val/GP02_frame_1_rgb_ref_anon.png",
      "rgb_anon/val/GP02_frame_2_rgb_ref_anon.png",
      "gt/val/GP02_frame_2_gt_ref_labelTrainIds.png",
    ],
    items: [
      "rgb_anon/val/GP02_frame_1_rgb_ref_anon.png → nothing val [reference, GP02]",
      "rgb_anon/val/GP02_frame_2_rgb_ref_anon.png → gt/val/GP02_frame_2_gt_ref_labelTrainIds.png (trainIds) val [reference, GP02]",
    ],
  },
  {
    layout: "dark-zurich",
    what: "labels for val only, reference folders left out",
    root: "dz",
    files: [
      "rgb_anon/train/day/GOPR1/GOPR1_frame_1_rgb_anon.png",
      "rgb_anon/train/night/GOPR2/GOPR2_frame_1_rgb_anon.png",
      "rgb_anon/val/night/GOPR0356/GOPR0356_frame_3_rgb_anon.png",
      "rgb_anon/val_ref/day/GOPR0356/GOPR0356_frame_3_rgb_anon.png",
      "gt/val/night/GOPR0356/GOPR0356_frame_3_gt_labelTrainIds.png",
    ],
    items: [
      "rgb_anon/train/night/GOPR2/GOPR2_frame_1_rgb_anon.png → nothing train [night, GOPR2]",
      "rgb_anon/train/day/GOPR1/GOPR1_frame_1_rgb_anon.png → nothing train [day, GOPR1]",
      "rgb_anon/val/night/GOPR0356/GOPR0356_frame_3_rgb_anon.png → gt/val/night/GOPR0356/GOPR0356_frame_3_gt_labelTrainIds.png (trainIds) val [night, GOPR0356]",
    ],
  },
  {
    layout: "nighttime-driving",
    what: "published",
    root: "n",
    files: [
      "leftImg8bit/test/night/0_leftImg8bit.png",
      "gtCoarse_daytime_trainvaltest/test/night/0_gtCoarse_labelTrainIds.png",
    ],
    items: [
      "leftImg8bit/test/night/0_leftImg8bit.png → gtCoarse_daytime_trainvaltest/test/night/0_gtCoarse_labelTrainIds.png (trainIds) test [night]",
    ],
  },
  {
    layout: "domains",
    what: "as the built-in sample",
    root: "sample",
    files: ["README.md", "fog/images/000.png", "fog/labels/000.png", "clear/images/000.png"],
    items: [
      "clear/images/000.png → nothing clear [clear]",
      "fog/images/000.png → fog/labels/000.png (trainIds) fog [fog]",
    ],
    report: { folderMissing: 1 },
  },
  {
    layout: "labelled-images",
    what: "with splits and folders",
    root: "mine",
    files: ["images/train/city/a.jpg", "images/val/b.png", "labels/train/city/a.png"],
    items: [
      "images/train/city/a.jpg → labels/train/city/a.png (ownIds) train [city]",
      "images/val/b.png → nothing val []",
    ],
    report: { labelMissing: 1 },
  },
  {
    layout: "labelled-images",
    what: "as CVAT and Pascal VOC have it",
    root: "voc",
    files: [
      "JPEGImages/a.jpg",
      "JPEGImages/b.jpg",
      "SegmentationClass/a.png",
      "SegmentationObject/a.png",
      "SegmentationObject/b.png",
      "labelmap.txt",
    ],
    items: ["JPEGImages/a.jpg → SegmentationClass/a.png (named) null []", "JPEGImages/b.jpg → nothing null []"],
    report: { labelMissing: 1 },
  },
  {
    layout: "labelled-images",
    what: "Pascal VOC itself",
    root: "VOC2012",
    files: ["JPEGImages/2007_000032.jpg", "SegmentationClass/2007_000032.png"],
    items: ["JPEGImages/2007_000032.jpg → SegmentationClass/2007_000032.png (voc) null []"],
  },
  {
    layout: "labelled-images",
    what: "as mmsegmentation wants it",
    root: "mm",
    files: ["img_dir/train/a.jpg", "img_dir/val/a.jpg", "ann_dir/train/a.png", "ann_dir/val/a.png"],
    items: [
      "img_dir/train/a.jpg → ann_dir/train/a.png (ownIds) train []",
      "img_dir/val/a.jpg → ann_dir/val/a.png (ownIds) val []",
    ],
  },
  {
    layout: "labelled-images",
    what: "Roboflow's masks beside the images",
    root: "robo",
    files: ["train/a.jpg", "train/a_mask.png", "train/_classes.csv", "valid/b.jpg", "valid/b_mask.png"],
    items: ["train/a.jpg → train/a_mask.png (named) train []", "valid/b.jpg → valid/b_mask.png (ownIds) val []"],
  },
  {
    layout: "labelled-images",
    what: "SegNet's CamVid",
    root: "CamVid",
    files: ["train/0001.png", "trainannot/0001.png", "val/0002.png", "valannot/0002.png"],
    items: [
      "train/0001.png → trainannot/0001.png (camvid) train []",
      "val/0002.png → valannot/0002.png (camvid) val []",
    ],
  },
  {
    layout: "labelled-images",
    what: "CamVid with its own names",
    root: "CamVid",
    files: ["train/0001TP_1.png", "train_labels/0001TP_1_L.png", "class_dict.csv"],
    items: ["train/0001TP_1.png → train_labels/0001TP_1_L.png (named) train []"],
  },
  {
    layout: "labelled-images",
    what: "Supervisely's masks",
    root: "project",
    files: ["meta.json", "ds0/img/a.jpg", "ds0/masks_machine/a.png", "ds0/masks_human/a.png"],
    items: ["ds0/img/a.jpg → ds0/masks_machine/a.png (named) null [ds0]"],
  },
  {
    layout: "labelled-images",
    what: "splits that hold images and masks",
    root: "mine",
    files: ["train/images/a.JPG", "train/masks/a.TIF", "val/images/b.jpg", "val/masks/b.bmp", "val/masks/c.png"],
    items: [
      "train/images/a.JPG → train/masks/a.TIF (ownIds) train []",
      "val/images/b.jpg → val/masks/b.bmp (ownIds) val []",
    ],
    report: { imageMissing: 1 },
  },
  {
    layout: "images",
    what: "masks of other images are no photographs",
    root: "mine",
    files: ["photos/a.jpg", "old/masks/b.png", "photos/c.heic"],
    items: ["photos/a.jpg → nothing null [photos]"],
    report: { masksLeftOut: 1, formatSkipped: 1 },
  },
  {
    layout: "cityscapes",
    what: "each archive in a folder of its own, endings in capitals",
    root: "downloads",
    files: [
      "leftImg8bit_trainvaltest/leftImg8bit/val/ulm/a_leftImg8bit.PNG",
      "leftImg8bit_trainextra/leftImg8bit/train_extra/bonn/b_leftImg8bit.png",
      "gtFine_trainvaltest/gtFine/val/ulm/a_gtFine_labelIds.PNG",
    ],
    items: [
      "leftImg8bit_trainvaltest/leftImg8bit/val/ulm/a_leftImg8bit.PNG → gtFine_trainvaltest/gtFine/val/ulm/a_gtFine_labelIds.PNG (cityscapes) val [ulm]",
      "leftImg8bit_trainextra/leftImg8bit/train_extra/bonn/b_leftImg8bit.png → nothing train_extra [bonn]",
    ],
    report: { labelMissing: 1 },
  },
  {
    layout: "images",
    what: "all images below, but no label files",
    root: "plain",
    files: ["b.jpg", "a.png", "notes.txt", ".hidden.png", "sub/deep/c.webp", "x_gtFine_color.png"],
    items: ["a.png → nothing null []", "b.jpg → nothing null []", "sub/deep/c.webp → nothing null [sub/deep]"],
  },
];

describe("layouts", () => {
  it.each([
    ["acdc", ["rgb_anon/fog/val/GOPR1/GOPR1_frame_1_rgb_anon.png", "rgb_anon/snow/val/GP1/GP1_frame_1_rgb_anon.png"]],
    ["dark-zurich", ["rgb_anon/val/day/GOPR1/a_rgb_anon.png", "rgb_anon/val/night/GOPR1/b_rgb_anon.png"]],
    ["foggy-cityscapes", ["leftImg8bit_foggy/val/ulm/a_leftImg8bit_foggy_beta_0.01.png"]],
    ["domains", ["clear/images/000.png", "clear/labels/000.png", "fog/images/val/000.png", "fog/labels/val/000.png"]],
    ["labelled-images", ["images/a.png", "images/val/dusk/b.png", "labels/a.png", "labels/val/dusk/b.png"]],
    ["cityscapes", ["leftImg8bit/val/ulm/ulm_1_leftImg8bit.png"]],
  ] as const)("tells domains apart where folders or names do: %s", async (layout, files) => {
    const { items } = await listed(datasetFolder(layout, [...files]));
    const expected = {
      acdc: ["fog val", "snow val"],
      "dark-zurich": ["night val", "day val"],
      "foggy-cityscapes": ["beta 0.01 val"],
      domains: ["clear clear", "fog val"],
      "labelled-images": ["null null", "dusk val"],
      cityscapes: ["null val"],
    };
    expect(items.map(({ domain, split }) => `${domain} ${split}`)).toEqual(expected[layout]);
  });

  it.each(CASES)("$layout, $what", async ({ layout, root: name, files, items, report = {} }) => {
    const root = datasetFolder(name, files);
    expect(await detectLayout(root)).toBe(layout);
    const found = await listed(root);
    expect(shown(root, found)).toEqual(items);
    const counts: Record<string, number> = {};
    for (const { code, count } of found.lines) {
      counts[code.replace("dataset.", "")] = (counts[code.replace("dataset.", "")] ?? 0) + count;
    }
    expect(counts).toEqual(report);
  });

  it("are all in the table above, or have a test of their own", () => {
    const tested = new Set<string>([...CASES.map(({ layout }) => layout), "bdd100k-night"]);
    expect(DATASET_LAYOUTS.filter((layout) => !tested.has(layout))).toEqual([]);
  });

  it("bdd100k-night takes what a list names, and says what is not there", async () => {
    const root = datasetFolder(
      "b",
      ["seg/images/train/n-1.jpg", "seg/images/train/d-2.jpg", "seg/labels/train/n-1_train_id.png"],
      {
        "gt_trainval_night_filenames.txt": "seg/labels/train/n-1_train_id.png\nseg/labels/val/n-9_train_id.png\n",
      },
    );
    expect(await detectLayout(root)).toBe("bdd100k-night");
    const found = await listed(root);
    expect(shown(root, found)).toEqual([
      "seg/images/train/n-1.jpg → seg/labels/train/n-1_train_id.png (trainIds) train [night]",
    ]);
    expect(found.lines.find(({ code }) => code === "dataset.splitList")).toMatchObject({ count: 1, path: "n-9" });
  });

  it("acdc-reference lists the reference images of a published tree", async () => {
    const root = datasetFolder("a", [
      "rgb_anon/fog/train/GP1/GP1_frame_1_rgb_anon.png",
      "rgb_anon/fog/train_ref/GP1/GP1_frame_1_rgb_ref_anon.png",
      "gt/fog/train_ref/GP1/GP1_frame_1_gt_ref_labelTrainIds.png",
    ]);
    expect(await detectLayouts(root)).toEqual(["acdc", "acdc-reference"]);
    expect(shown(root, await listed(root, { layout: "acdc-reference" }))).toEqual([
      "rgb_anon/fog/train_ref/GP1/GP1_frame_1_rgb_ref_anon.png → gt/fog/train_ref/GP1/GP1_frame_1_gt_ref_labelTrainIds.png (trainIds) train [fog, reference, GP1]",
    ]);
  });

  it("tells GTA5's frames from anybody's by the palette of the labels", async () => {
    const files = ["images/00001.png", "labels/00001.png"];
    const label = await palettePng();
    expect(await detectLayout(datasetFolder("frames", files, { "labels/00001.png": label }))).toBe("gta5");
    expect(await detectLayout(datasetFolder("frames", files))).toBe("labelled-images");
  });

  it("lists the known broken frames of GTA5 one by one", async () => {
    const root = datasetFolder("gta", ["images/15188.png", "images/20801.png", "images/20802.png"]);
    const broken = (await listed(root)).lines.filter(({ code }) => code === "dataset.knownBroken");
    expect(broken.map(({ count, examples }) => [count, examples])).toEqual([
      [1, ["images/15188.png"]],
      [2, ["images/20801.png", "images/20802.png"]],
    ]);
  });
});
