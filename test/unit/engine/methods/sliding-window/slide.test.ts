// What windows say is averaged as mmsegmentation does it, handed on row by row, and compared where windows overlap.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argmaxLabels } from "../../../../../src-main/engine/images/argmax.ts";
import type { CropBox } from "../../../../../src-main/engine/images/crop.ts";
import { agreementOfWindows, joinBands, type ScoreBand } from "../../../../../src-main/engine/images/score-bands.ts";
import { slide } from "../../../../../src-main/engine/methods/sliding-window/slide.ts";
import { windowBoxes, windowGrid } from "../../../../../src-main/engine/methods/sliding-window/window-grid.ts";
import { CancelledError } from "../../../../../src-shared/contract/errors.ts";
import { hash32 } from "../../../../helpers/generated-weights.ts";
import "../../../../helpers/to-be-all-close.ts";

const K = 3;
const size = { numClasses: K, height: 23, width: 31 };
const CLOSE = { absolute: 1e-6, relative: 1e-6 };

/** Scores that differ from window to window. */
function scoresOf({ top, left, height, width }: CropBox): Float32Array {
  return Float32Array.from({ length: K * height * width }, (_, i) => (hash32(top * 977 + left, i) % 1000) / 100);
}

async function collected(bands: AsyncIterable<ScoreBand>): Promise<ScoreBand[]> {
  const all: ScoreBand[] = [];
  for await (const band of bands) all.push(band);
  return all;
}

/** Sums and counts over the whole image at once. */
function averaged({ height, width }: { height: number; width: number }, boxes: readonly CropBox[]) {
  const pixels = height * width;
  const sums = new Float64Array(K * pixels);
  const said = Array.from({ length: pixels }, () => [] as number[]);
  for (const box of boxes) {
    const scores = scoresOf(box);
    const labels = argmaxLabels(scores, K, box.height, box.width).data;
    for (let y = 0; y < box.height; y++) {
      for (let x = 0; x < box.width; x++) {
        const pixel = (box.top + y) * width + box.left + x;
        said[pixel]?.push(labels[y * box.width + x] ?? -1);
        for (let k = 0; k < K; k++) {
          sums[k * pixels + pixel] =
            (sums[k * pixels + pixel] ?? 0) + (scores[(k * box.height + y) * box.width + x] ?? 0);
        }
      }
    }
  }
  const overlapping = said.filter(({ length }) => length > 1);
  const agreeing = overlapping.filter(([first, ...others]) => others.every((label) => label === first));
  const mean = sums.map((sum, i) => sum / (said[i % pixels]?.length ?? 0));
  return { mean, agreement: overlapping.length === 0 ? null : agreeing.length / overlapping.length };
}

describe("sliding", () => {
  it("averages scores over the windows that see a pixel, whatever their sizes", async () => {
    const side = fc.integer({ min: 2, max: 20 });
    await fc.assert(
      fc.asyncProperty(side, side, side, side, fc.nat(19), async (height, width, rows, columns, any) => {
        const window = { height: rows, width: columns, overlap: any % Math.min(rows, columns) };
        const image = { numClasses: K, height, width };
        const bands = await collected(slide(image, window, async (box) => scoresOf(box)));
        const expected = averaged(image, windowBoxes(windowGrid(image, window)));
        expect(await joinBands(bands, image)).toBeAllClose(expected.mean, CLOSE);
        expect(agreementOfWindows(bands.map(({ overlap }) => overlap))).toEqual(expected.agreement);
      }),
    );
  });

  it("hands rows on before the windows below are asked for", async () => {
    const window = { height: 8, width: 16, overlap: 2 };
    const asked: number[] = [];
    const seen: [top: number, height: number, asked: number][] = [];
    const bands = slide(size, window, async (box) => {
      asked.push(box.top);
      return scoresOf(box);
    });
    for await (const { top, height } of bands) seen.push([top, height, asked.length]);
    // Three windows a row, at 0, 6, 12 and 15.
    expect(seen).toEqual([
      [0, 6, 3],
      [6, 6, 6],
      [12, 3, 9],
      [15, 8, 12],
    ]);
  });

  it("tells of each window, and stops between two of them", async () => {
    const controller = new AbortController();
    let windows = 0;
    const onWindow = (): void => {
      windows += 1;
      if (windows === 4) controller.abort();
    };
    const options = { signal: controller.signal, onWindow };
    const bands = slide(size, { height: 8, width: 16, overlap: 2 }, async (box) => scoresOf(box), options);
    await expect(collected(bands)).rejects.toThrow(CancelledError);
    expect(windows).toBe(4);
  });

  it("gives a window as large as the image as it is", async () => {
    const [band, ...others] = await collected(
      slide(size, { height: 64, width: 64, overlap: 8 }, async (box) => scoresOf(box)),
    );
    expect(others).toEqual([]);
    expect(band?.scores).toEqual(scoresOf({ top: 0, left: 0, height: 23, width: 31 }));
    expect(band?.overlap).toBeUndefined();
  });
});
