// Training images of DAFormer against the recorded ones: from the file by recorded draws to planes; rare classes and their crops.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { at } from "../../../src-main/engine/graph/node.ts";
import { decodeImage } from "../../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import { fitted, pairSample } from "../../../src-main/engine/methods/entropy-balancing/pair-sample.ts";
import { rareClasses } from "../../../src-main/engine/methods/entropy-balancing/rare-classes.ts";
import type { Draws } from "../../../src-main/engine/methods/shared/draws.ts";
import { EBDA_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { countDiffering, differenceOf } from "../../helpers/recorded.ts";
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

  it("counts of labels are those of the statistics", async () => {
    for (const { file, ...counts } of golden.sample_class_stats) {
      const { data } = await decodeLabelMap(join(folder, golden.images, basename(file)));
      for (const [id, count] of Object.entries(counts)) {
        expect(data.reduce((sum, label) => (label === Number(id) ? sum + 1 : sum), 0)).toBe(count);
      }
    }
  });
});

interface RecordedSampling {
  readonly sample_class_stats: Statistics;
  readonly settings: { readonly min_pixels: number; readonly class_temp: number };
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
