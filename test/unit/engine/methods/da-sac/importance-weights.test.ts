// Importance weights: laws of the counting, names of masks, what the sampler and the files refuse.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeLabelPng } from "../../../../../src-main/engine/images/encode-png.ts";
import { countWeights } from "../../../../../src-main/engine/methods/da-sac/count-weights.ts";
import { imageDistributions } from "../../../../../src-main/engine/methods/da-sac/image-distributions.ts";
import {
  classCounts,
  classesNeverSeen,
  importanceWeights,
  maskNames,
  weightsOfImages,
} from "../../../../../src-main/engine/methods/da-sac/importance-weights.ts";
import { findPredictedMasks } from "../../../../../src-main/engine/methods/da-sac/predicted-masks.ts";
import { readWeightsFile, writeWeightsFile } from "../../../../../src-main/engine/methods/da-sac/weights-file.ts";
import { seededDraws } from "../../../../../src-main/engine/methods/shared/draws.ts";
import { drawOfClass } from "../../../../../src-main/engine/training/samples/importance-sampler.ts";
import { CancelledError } from "../../../../../src-shared/contract/errors.ts";
import { temporaryFolder } from "../../../../helpers/temporary-folder.ts";
import { pickleBytes } from "../../../../helpers/write-pickle.ts";

const map = (...data: number[]) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });
const counts = (...data: number[]) => classCounts(map(...data), 19, "x.png");

describe("counting", () => {
  test("shares of a class sum to 1 over the images; ignored pixels count nowhere", () => {
    const images = fc.array(fc.array(fc.constantFrom(0, 3, 7, 18, 255), { minLength: 1, maxLength: 20 }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(images, (all) => {
        const weights = importanceWeights(new Map(all.map((data, k) => [`${k}.png`, counts(...data)])));
        for (const id of new Set(all.flat().filter((id) => id !== 255))) {
          const sum = [...weights.values()].reduce((total, shares) => total + (shares.get(id) ?? 0), 0);
          expect(sum).toBeCloseTo(1, 12);
        }
        expect([...weights.values()].some((shares) => shares.has(255))).toBe(false);
      }),
    );
  });

  test("ids of labels are refused with what to do", () => {
    expect(() => counts(7, 33)).toThrow('"x.png" holds the id 33, which is no train id of 19 classes');
  });

  test("classes that are predicted nowhere are named", () => {
    expect(classesNeverSeen(importanceWeights(new Map([["a.png", counts(0, 1, 2)]])), 4)).toEqual([3]);
  });

  test("two images of one name are refused; a signal stops between images", async () => {
    const image = (path: string) => ({ path, name: "a.png", predicted: () => Promise.resolve(map(1)) });
    await expect(countWeights([image("x/a.png"), image("y/a.png")], 19)).rejects.toThrow(
      '"y/a.png": another image is called',
    );
    const stop = new AbortController();
    const images = ["a", "b", "c"].map((name) => ({ ...image(name), name }));
    const seen: number[] = [];
    const counted = countWeights(images, 19, {
      signal: stop.signal,
      onImage: (done) => {
        seen.push(done);
        if (done === 1) stop.abort();
      },
    });
    await expect(counted).rejects.toThrow(CancelledError);
    expect(seen).toEqual([0, 1]);
  });
});

describe("names of masks", () => {
  test("are those of the original, with folders only where they are needed", () => {
    expect(maskNames(["val/ulm/ulm_0_0_leftImg8bit.png", "00001.jpg"])).toEqual([
      "ulm_0_0_gtFine_labelIds.png",
      "00001.png",
    ]);
    expect(maskNames(["fog/000.png", "night/000.png", "night/001.png"])).toEqual([
      "fog/000.png",
      "night/000.png",
      "001.png",
    ]);
  });

  test("weights of other images are refused", () => {
    const weights = importanceWeights(new Map([["a.png", counts(1)]]));
    expect(weightsOfImages(weights, ["x/a.jpg"], "w.data").map((shares) => shares.get(1))).toEqual([1]);
    expect(() => weightsOfImages(weights, ["a.png", "b.png"], "w.data")).toThrow(
      "weights of 1 images, and the target has 2",
    );
    expect(() => weightsOfImages(weights, ["b.png"], "w.data")).toThrow(
      'is of other images: it has no weights of "b.png"',
    );
  });
});

describe("predictions in a folder", () => {
  async function folderOf(...files: string[]): Promise<string> {
    const folder = temporaryFolder();
    for (const file of files) {
      mkdirSync(join(folder, file, ".."), { recursive: true });
      writeFileSync(join(folder, file), await encodeLabelPng(map(1)));
    }
    return folder;
  }
  const namesIn = async (...files: string[]) =>
    (await findPredictedMasks(await folderOf(...files))).map(({ name }) => name);

  test("of `predict` are its files of train ids", async () => {
    const files = [
      "a_leftImg8bit_trainIds.png",
      "a_leftImg8bit_labelIds.png",
      "a_leftImg8bit_color.png",
      "sub/b_trainIds.png",
    ];
    expect(await namesIn(...files)).toEqual(["a_gtFine_labelIds.png", "b.png"]);
  });

  test("of the original lie in the folder itself", async () => {
    expect(await namesIn("x_gtFine_labelIds.png", "cs/x_gtFine_labelIds.png", "y.png")).toEqual([
      "x_gtFine_labelIds.png",
    ]);
  });

  test("of an evaluation lie below it", async () => {
    expect(await namesIn("val/ulm/u_leftImg8bit.png", "street.jpg.png")).toEqual([
      "street.png",
      "u_gtFine_labelIds.png",
    ]);
  });

  test("have to be there", async () => {
    await expect(findPredictedMasks(temporaryFolder())).rejects.toThrow("holds no predictions");
    await expect(findPredictedMasks(join(temporaryFolder(), "nowhere"))).rejects.toThrow("is not there");
  });
});

describe("sampling", () => {
  const settings = { numClasses: 3, uniformShare: 0.25, ignoredClasses: [2] };
  const weights = [new Map([[0, 1]]), new Map([[1, 0.5]]), new Map([[1, 0.5]])];

  test("classes take turns; images come as often as their share says", () => {
    const distributions = imageDistributions(weights, 3, settings);
    const times = [0, 0, 0];
    for (let k = 0; k < 3000; k++) {
      const image = drawOfClass(distributions, 3 * k, seededDraws(k)); // class 0
      times[image] = (times[image] ?? 0) + 1;
    }
    expect(times[0]).toBeGreaterThan(2400); // 0.25 / 3 + 0.75 of them, 2500
    expect(times[0]).toBeLessThan(2600);
    expect(times[1]).toBeGreaterThan(0);
  });

  test("every draw is an image, the ends included", () => {
    const distributions = imageDistributions(null, 5, settings);
    for (const uniform of [0, 1e-300, 0.2, 0.999999]) {
      const image = drawOfClass(distributions, 4, { uniform: (low, high) => low + (high - low) * uniform });
      expect(image).toBe(Math.max(0, Math.ceil(uniform * 5) - 1));
    }
    expect(drawOfClass(distributions, 0, { uniform: (_low, high) => high })).toBe(4);
  });

  test("weights that do not sum to 1 are refused in other words than a class never seen", () => {
    const [first, ...others] = weights;
    const broken = [new Map([...(first ?? []), [1, 0.3]]), ...others];
    expect(() => imageDistributions(broken, 3, settings)).toThrow("class 1 do not sum to 1");
    expect(() => imageDistributions([new Map(), ...others], 3, settings)).toThrow("Class 0 is predicted in none");
  });
});

describe("files of weights", () => {
  const weights = importanceWeights(
    new Map([
      ["a.png", counts(0, 0, 3)],
      ["ü „b“.png", counts(0, 5)],
      ["empty.png", counts(255)],
    ]),
  );

  test.each(["w.data", "w.json"])("%s keeps names, classes and shares to the bit", async (name) => {
    const path = join(temporaryFolder(), name);
    await writeWeightsFile(path, weights);
    expect(await readWeightsFile(path)).toEqual(weights);
  });

  test("other endings are refused", async () => {
    await expect(writeWeightsFile(join(temporaryFolder(), "w.pth"), weights)).rejects.toThrow("end in .data or .json");
  });

  test.each([
    ["text", Buffer.from("hello")],
    ["another document", Buffer.from('{ "a.png": [1] }')],
    ["shares above 1", Buffer.from('{ "a.png": { "3": 2 } }')],
    ["a class that is no number", Buffer.from('{ "a.png": { "road": 0.5 } }')],
    ["a pickle of something else", pickleBytes(new Map([["a.png", 3]]))],
    ["a torn archive", Buffer.from("PK\u0003\u0004 and nothing more")],
  ])("%s is refused in one sentence", async (_, bytes) => {
    const path = join(temporaryFolder(), "w.data");
    writeFileSync(path, bytes);
    await expect(readWeightsFile(path)).rejects.toThrow(
      /^"w.data" holds no importance weights, or is damaged; make it anew/,
    );
  });

  test("the original's form takes as many shares as can be read back, and no more", async () => {
    const all = Array.from({ length: 19 }, (_, id) => id);
    const many = new Map(
      Array.from({ length: 3700 }, (_, k) => [`${k}.png`, new Map(all.map((id) => [id, 1 / 3700]))]),
    );
    const folder = temporaryFolder();
    await expect(writeWeightsFile(join(folder, "w.data"), many)).rejects.toThrow("name a file that ends in .json");
    const most = new Map([...many].slice(0, 3680));
    await writeWeightsFile(join(folder, "w.data"), most);
    expect((await readWeightsFile(join(folder, "w.data"))).size).toBe(3680);
  });
});
