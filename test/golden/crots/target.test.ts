// The original's two programs over target images, with their files: pseudo-labels, lists of easy and hard images, hard patches.
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type StateDict, type StateTensor, toFloat32 } from "../../../src-main/engine/checkpoints/state-dict.ts";
import { readImageFiles } from "../../../src-main/engine/datasets/image-folder.ts";
import { decodeImage } from "../../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import { labelTarget } from "../../../src-main/engine/methods/crots/label-target.ts";
import { predictedLabels } from "../../../src-main/engine/methods/crots/predicted-labels.ts";
import type { TargetFolders } from "../../../src-main/engine/methods/crots/target-folder.ts";
import { SegmentationModel } from "../../../src-main/engine/methods/shared/segmentation-model.ts";
import { CITYSCAPES_PALETTE } from "../../../src-shared/labels/palettes.ts";
import { crotsArchitecture, crotsStateDict } from "../../helpers/crots-network.ts";
import { crotsDrifts, type RecordedValuesOf } from "../../helpers/crots-steps.ts";
import { CROTS_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { countDiffering, differenceOf } from "../../helpers/recorded.ts";
import { directRuntime } from "../../helpers/runtimes-under-test.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

interface LabelsCase {
  readonly images: readonly string[];
  readonly names: readonly string[];
  readonly size_w_h: readonly [number, number];
  readonly easy: readonly string[];
  readonly hard: readonly string[];
  readonly color_of_first: string;
  readonly values: RecordedValuesOf;
}

interface PatchesCase {
  readonly images: string;
  readonly size_w_h: readonly [number, number];
  readonly rare_classes: readonly number[];
  readonly all_written: readonly string[];
  readonly stored: readonly string[];
}

interface Labelling {
  readonly paths: readonly string[];
  readonly names: readonly string[];
  readonly size: readonly [width: number, height: number];
  readonly weights: StateDict;
  readonly folders: TargetFolders;
  readonly rareClasses: readonly number[];
}

async function label({ paths, names, size: [width, height], weights, folders, rareClasses }: Labelling): Promise<void> {
  const model = new SegmentationModel(directRuntime, crotsArchitecture(), weights);
  try {
    await labelTarget({
      images: readImageFiles(paths),
      names,
      label: (image) => predictedLabels(model, image, [height, width]),
      size: [height, width],
      palette: CITYSCAPES_PALETTE,
      folders,
      rareClasses,
      classShare: null,
      settings: { checkpoint: "recorded" },
    });
  } finally {
    await model.dispose();
  }
}

/** Lines of an image and its entropy. */
function entries(lines: readonly string[]): {
  readonly names: readonly string[];
  readonly entropies: readonly number[];
} {
  const parts = lines.filter((line) => line !== "").map((line) => line.split(" "));
  return { names: parts.map(([name = ""]) => name), entropies: parts.map(([, entropy]) => Number(entropy)) };
}

describe.each(goldenCases<LabelsCase>(`${CROTS_FIXTURES}F-pseudo-labels`))("F-pseudo-labels $name", (golden) => {
  const { folder, json } = golden;

  it("labels, colours and lists are the recorded ones", async () => {
    const save = await temporaryFolder();
    const paths = json.images.map((file) => folder + file);
    const folders = { pseudoLabels: save, hardPatches: null };
    await label({ paths, names: json.names, size: json.size_w_h, weights: crotsStateDict(), folders, rareClasses: [] });
    const files = json.names.map((name) => name.replaceAll("leftImg8bit", "gtFine_labelIds"));
    const maps = await Promise.all(files.map((file) => decodeLabelMap(join(save, "label_ids", "train", file))));
    const found = Object.fromEntries(maps.map(({ data }, k) => [`label${k}`, data]));
    expect(await crotsDrifts(folder, json.values, found)).toEqual([]);
    const colors = await decodeImage(join(save, "label_color", "train", files[0] ?? ""));
    const allowed = 3 * (json.values.label0?.tol ?? 0);
    expect(countDiffering(colors.data, (await decodeImage(folder + json.color_of_first)).data)).toBeLessThanOrEqual(
      allowed,
    );
    for (const list of ["easy", "hard"] as const) {
      const [ours, theirs] = [readFileSync(join(save, `${list}.txt`), "utf8").split("\n"), json[list]].map(entries);
      expect(ours?.names).toEqual(theirs?.names);
      const { largest } = differenceOf(ours?.entropies ?? [], theirs?.entropies ?? []);
      expect(largest).toBeLessThanOrEqual(json.values.entropy?.tol ?? 0);
    }
  });
});

describe.each(goldenCases<PatchesCase>(`${CROTS_FIXTURES}G-hard-patches`))("G-hard-patches $name", (golden) => {
  const { folder, json } = golden;

  it("patches, labels and colours are the recorded ones", async () => {
    const save = await temporaryFolder();
    const source = join(folder, dirname(json.images));
    const pictures = (await readdir(source)).filter((file) => /^image\d+\.png$/.test(file)).toSorted();
    const [{ json: names } = { json: { names: [] as string[] } }] = goldenCases<LabelsCase>(source);
    await label({
      paths: pictures.map((file) => join(source, file)),
      names: names.names,
      size: json.size_w_h,
      weights: withoutRareClasses(crotsStateDict(), json.rare_classes),
      folders: { pseudoLabels: null, hardPatches: save },
      rareClasses: json.rare_classes,
    });
    expect((await readdir(join(save, "patches"))).toSorted()).toEqual([...json.all_written].toSorted());
    for (const kind of ["patches", "labels", "color_labels"]) {
      // Of colours only a part is stored.
      const stored = await readdir(join(folder, kind));
      expect(stored.length).toBeGreaterThan(0);
      if (kind !== "color_labels") expect(stored.toSorted()).toEqual([...json.stored].toSorted());
      for (const file of stored) {
        const read = async (path: string) =>
          (kind === "labels" ? await decodeLabelMap(path) : await decodeImage(path)).data;
        expect(countDiffering(await read(join(save, kind, file)), await read(join(folder, kind, file)))).toBe(0);
      }
    }
  });
});

/** As it was recorded: so that not every patch holds one of them. */
function withoutRareClasses(stateDict: StateDict, rare: readonly number[]): StateDict {
  const key = "layer5.conv2d_list.0.bias";
  const bias = stateDict.get(key) as StateTensor;
  const data = toFloat32(bias).map((value, id) => (rare.includes(id) ? value - 1.75 : value));
  return new Map([...stateDict, [key, { dtype: "float32", shape: bias.shape, data }]]);
}
