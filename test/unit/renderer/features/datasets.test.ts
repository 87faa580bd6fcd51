// The grid: pages, columns, saved views, parameters of a batch.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellFigure } from "../../../../src-renderer/features/datasets/cell-figure.ts";
import { columnsIn, imagesInRow, pageOffsets } from "../../../../src-renderer/features/datasets/page-window.ts";
import { parameterSets, summaryOf } from "../../../../src-renderer/features/datasets/parameter-sets.ts";
import { ALL_IMAGES, imageListFromView, isFiltered } from "../../../../src-renderer/state/image-list.ts";
import { PUBLISHED_PARAMETERS } from "../../../../src-shared/contract/recommended-parameters.ts";
import { runConfigFormSchema } from "../../../../src-shared/contract/workbench/runs.ts";
import { aCheckpoint } from "../../../helpers/workbench-entities.ts";

describe("the pages of a stretch", () => {
  it("are those that hold an image of it", () => {
    expect(pageOffsets(0, 59, 100_000, 200)).toEqual([0]);
    expect(pageOffsets(190, 230, 100_000, 200)).toEqual([0, 200]);
    expect(pageOffsets(99_990, 100_060, 100_000, 200)).toEqual([99_800]);
    expect(pageOffsets(0, 59, 0, 200)).toEqual([]);
  });

  it("hold every image of the stretch, and no page holds none", () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(300), fc.nat(5000), (first, length, total) => {
        const last = first + length;
        const offsets = pageOffsets(first, last, total, 200);
        const wanted = new Set<number>();
        for (let index = first; index <= Math.min(last, total - 1); index++) wanted.add(Math.floor(index / 200) * 200);
        expect(offsets).toEqual([...wanted]);
      }),
    );
  });
});

describe("the columns of the grid", () => {
  it("fill the width with cells no smaller than asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 4000 }), fc.integer({ min: 96, max: 200 }), (width, cell) => {
        const { columns, columnPx } = columnsIn(width, cell, 12);
        expect(columnPx).toBeGreaterThanOrEqual(cell);
        expect(columns * columnPx + (columns - 1) * 12).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("are at least one, however narrow the window", () => {
    expect(columnsIn(50, 100, 12).columns).toBe(1);
  });

  it("end with the last image", () => {
    expect(imagesInRow(4, 4, 18)).toEqual([16, 17]);
    expect(imagesInRow(5, 4, 18)).toEqual([]);
  });
});

describe("a saved view", () => {
  it("gives back filter and order", () => {
    const query = { filter: { tags: ["night"] }, sort: { by: "miou", descending: true } };
    const list = imageListFromView(query);
    expect(list.filter.tags).toEqual(["night"]);
    expect(list.sort).toEqual({ by: "miou", descending: true });
    expect(isFiltered(list)).toBe(true);
  });

  it("of an unknown kind shows all images", () => {
    expect(imageListFromView({ filter: 3 })).toEqual(ALL_IMAGES);
    expect(isFiltered(ALL_IMAGES)).toBe(false);
  });
});

describe("the parameters of a batch", () => {
  const config = runConfigFormSchema.parse({ numEpochs: 5 });

  it("are those of the last run first, then the recipe, then what was saved", () => {
    const presets = [
      { name: "Gentle", config: { baseLr: 0.001 } },
      { name: "Broken", config: { baseLr: "much" } },
    ];
    const form = { config, base: PUBLISHED_PARAMETERS };
    expect(parameterSets(presets, form, aCheckpoint()).map(({ name }) => name)).toEqual([
      "As on the adapt screen",
      "Published recipe",
      "Gentle",
    ]);
    expect(parameterSets([], form, undefined)[0].config).toEqual(config);
  });

  it("are those that the checkpoint recommends, as long as nobody has changed the form", () => {
    const parameters = { ...PUBLISHED_PARAMETERS, baseLr: 0.01 };
    const advised = aCheckpoint({ recommended: { method: "self-adaptation", parameters, foundOn: "Here." } });
    const form = { config: runConfigFormSchema.parse({}), base: PUBLISHED_PARAMETERS };
    const [first, second] = parameterSets([], form, advised);
    expect([first.name, first.config.baseLr, second?.name]).toEqual([
      "Recommended by the checkpoint",
      0.01,
      "Published recipe",
    ]);
    expect(parameterSets([], form, aCheckpoint())[0].name).toBe("Published recipe");
  });

  it("are summed up in a line", () => {
    expect(summaryOf(config)).toBe(
      "5 iterations · learning rate 0.05 · threshold 0.7 · scales 0.25, 0.5, 0.75, mirrored, grey",
    );
  });
});

describe("the figure in an image's corner", () => {
  const scores = { miou: 0.432, entropy: 0.1, confidence: 0.9, gain: -0.023 };

  it("says what it is, and is the one that is sorted by", () => {
    expect(cellFigure({ scores }, "name")).toMatchObject({ name: "IoU", text: "43.2\u00a0%", isLoss: false });
    expect(cellFigure({ scores }, "gain")).toMatchObject({ name: "gain", text: "−2.3", isLoss: true });
    expect(cellFigure({ scores }, "entropy")?.title).toMatch(/newest result/);
  });

  it("is missing where it is not known", () => {
    expect(cellFigure({ scores: null }, "miou")).toBeNull();
    expect(cellFigure({ scores: { ...scores, gain: null } }, "gain")).toBeNull();
  });
});
