// Training images of DAFormer against the recorded ones: from the file by recorded draws to planes; rare classes and their crops.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { at } from "../../../src-main/engine/graph/node.ts";
import { decodeImage } from "../../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import { fitted, pairSample } from "../../../src-main/engine/methods/entropy-balancing/pair-sample.ts";
import { rareClasses } from "../../../src-main/engine/methods/entropy-balancing/rare-classes.ts";
import { rareClassSample } from "../../../src-main/engine/methods/entropy-balancing/sample-maker.ts";
import type { Draws } from "../../../src-main/engine/methods/shared/draws.ts";
import { EBDA_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { countDiffering, differenceOf, probeOf } from "../../helpers/recorded.ts";
import { type RecordedDraw, replayedDraws } from "../../helpers/replayed-draws.ts";
import { readFixtureTensors } from "../../helpers/safetensors-fixture.ts";

interface PipelineDraw {
  readonly kind: "np.randint" | "np.rand" | "np.choice";
  readonly value: number;
}

interface TrainCase {
  readonly image: string;
  readonly label: string;
  readonly scale_wh: readonly [number, number];
  readonly crop_hw: readonly [number, number];
  readonly cat_max_ratio: number;
  readonly draws: readonly PipelineDraw[];
  readonly output_image: string;
  readonly output_label: string;
}

interface PipelineCase {
  readonly train: { readonly tensors: string; readonly cases: readonly TrainCase[] };
}

type Statistics = readonly (Readonly<Record<string, number>> & { readonly file: never })[];

interface RareCase {
  readonly sample_class_stats: Statistics;
  readonly temperature: number;
  readonly classes: readonly number[];
  readonly probabilities: readonly number[];
}

const FLIP = 0.5;

describe.each(goldenCases<PipelineCase>(`${EBDA_FIXTURES}E-pipeline`).map((one) => [one.name, one] as const))(
  "E-pipeline %s",
  (_, { folder, json }) => {
    const tensors = readFixtureTensors(join(folder, json.train.tensors));
    it.each(json.train.cases.map((one) => [one.image, one] as const))("%s", async (_name, one) => {
      const [image, labels] = await Promise.all([
        decodeImage(join(folder, one.image)),
        decodeLabelMap(join(folder, one.label)),
      ]);
      const [width, height] = one.scale_wh;
      const draws = replayed(one.draws);
      const sample = pairSample(
        fitted({ image, labels }, [height, width]),
        { cropSize: one.crop_hw, mostOfOneClass: one.cat_max_ratio, flip: FLIP },
        draws,
      );
      draws.expectUsedUp();
      expect(differenceOf(sample.image, tensors(one.output_image).data).largest).toBeLessThan(1e-6);
      expect(countDiffering(sample.labels, tensors(one.output_label).data)).toBe(0);
    });
  },
);

const RARE = JSON.parse(readFileSync(join(EBDA_FIXTURES, "C-pieces/rare_class_sampling.json"), "utf8")) as RareCase[];

describe("rare class sampling", () => {
  it.each(RARE.map((one, k) => [k, one] as const))("classes and probabilities of case %i", (_, one) => {
    const found = rareClasses(pixelsOf(one.sample_class_stats), { rareTemperature: one.temperature, rareMinPixels: 0 });
    expect(found.classes).toEqual(one.classes);
    expect(differenceOf(found.probabilities, one.probabilities).largest).toBeLessThan(2e-6);
  });

  const folder = join(EBDA_FIXTURES, "E-pipeline");
  const golden = JSON.parse(readFileSync(join(folder, "rare_class_sampling.json"), "utf8")) as RecordedSampling;
  const files = golden.sample_class_stats.map(({ file }) => basename(file));

  it("files of each class", () => {
    const { min_pixels: rareMinPixels, class_temp: rareTemperature } = golden.settings;
    const table = rareClasses(pixelsOf(golden.sample_class_stats), { rareTemperature, rareMinPixels });
    expect(table.classes).toEqual(golden.classes);
    expect(differenceOf(table.probabilities, golden.probabilities).largest).toBeLessThan(2e-6);
    const byClass = table.classes.map((id, k) => [`${id}`, at(table.places, k).map((place) => at(files, place))]);
    expect(Object.fromEntries(byClass)).toEqual(golden.files_per_class);
  });

  it.each(golden.samples.map((one, k) => [k, one] as const))("recorded sample %i", async (_, one) => {
    const { min_pixels: rareMinPixels, min_crop_ratio: ratio, class_temp: rareTemperature, crop } = golden.settings;
    const [drawnClass, drawnFile, ...others] = one.draws;
    expect(drawnClass).toEqual({ kind: "np.choice", value: one.drawn_class });
    const table = rareClasses(pixelsOf(golden.sample_class_stats), { rareTemperature, rareMinPixels });
    const place = files.indexOf(String(drawnFile?.value));
    expect(at(table.places, table.classes.indexOf(one.drawn_class))).toContain(place);
    expect(one.source).toBe(basename(at(files, place)).replace("_gtFine_labelTrainIds", "_leftImg8bit"));

    const read = (name: string) => decodeImage(join(folder, golden.images, name));
    const labels = await decodeLabelMap(join(folder, golden.images, at(files, place)));
    const split = others.findIndex(({ kind }) => kind === "np.choice");
    const settings = { cropSize: crop, mostOfOneClass: 1, flip: FLIP };
    const sourceDraws = replayed(numeric(others.slice(0, split)));
    const rare = { wanted: one.drawn_class, least: rareMinPixels * ratio };
    const source = rareClassSample({ image: await read(one.source), labels }, settings, sourceDraws, rare);
    sourceDraws.expectUsedUp();
    expect(source.labels.filter((label) => label === one.drawn_class)).toHaveLength(one.pixels_of_class);
    expect(crc32(source.labels)).toBe(one.label_crc32_u8);
    expect(differenceOf(probeOf(source.image, one.image_probe.length), one.image_probe).largest).toBeLessThan(1e-6);

    const targetDraws = replayed(numeric(others.slice(split + 1)));
    const target = pairSample({ image: await read(one.target), labels: null }, settings, targetDraws);
    targetDraws.expectUsedUp();
    expect(differenceOf(probeOf(target.image, one.target_probe.length), one.target_probe).largest).toBeLessThan(1e-6);
  });

  it("counts of labels are those of the statistics", async () => {
    for (const { file, ...counts } of golden.sample_class_stats) {
      const { data } = await decodeLabelMap(join(folder, golden.images, basename(file)));
      for (const [id, count] of Object.entries(counts)) {
        expect(data.reduce((sum, label) => (label === Number(id) ? sum + 1 : sum), 0)).toBe(count);
      }
    }
  });
});

interface RareSample {
  readonly drawn_class: number;
  /** Class and file of the source, its crops; place of the target, its crop. */
  readonly draws: readonly { readonly kind: PipelineDraw["kind"]; readonly value: number | string }[];
  readonly source: string;
  readonly target: string;
  readonly pixels_of_class: number;
  readonly label_crc32_u8: number;
  readonly image_probe: readonly number[];
  readonly target_probe: readonly number[];
}

function numeric(draws: RareSample["draws"]): PipelineDraw[] {
  return draws.map(({ kind, value }) => ({ kind, value: Number(value) }));
}

interface RecordedSampling {
  readonly sample_class_stats: Statistics;
  readonly settings: {
    readonly min_pixels: number;
    readonly class_temp: number;
    readonly min_crop_ratio: number;
    readonly crop: readonly [number, number];
  };
  readonly samples: readonly RareSample[];
  readonly classes: readonly number[];
  readonly probabilities: readonly number[];
  readonly files_per_class: Readonly<Record<string, readonly string[]>>;
  readonly images: string;
}

function pixelsOf(statistics: Statistics): ReadonlyMap<number, number>[] {
  return statistics.map(({ file: _, ...counts }) => {
    return new Map(Object.entries(counts).map(([id, count]) => [Number(id), Number(count)]));
  });
}

/** Rows and columns of crops come one by one; offsets of what is not cropped are drawn, too. */
function replayed(draws: readonly PipelineDraw[]): Draws & { expectUsedUp(): void } {
  const recorded = draws.map(({ kind, value }): RecordedDraw => [kind === "np.rand" ? "random" : "randint", value]);
  const replay = replayedDraws(recorded);
  return {
    ...replay,
    cropOrigin: (rows, columns) => ({ top: replay.integer(0, rows), left: replay.integer(0, columns) }),
  };
}
