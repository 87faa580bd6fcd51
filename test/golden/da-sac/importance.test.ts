// Importance weights against the original's: counted, read and written in its own form, and sampled by.
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readZipDirectory, readZipMember } from "../../../src-main/engine/checkpoints/zip/read-zip.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import { imageDistributions } from "../../../src-main/engine/methods/da-sac/image-distributions.ts";
import {
  type ClassShares,
  classCounts,
  type ImportanceWeights,
  importanceWeights,
} from "../../../src-main/engine/methods/da-sac/importance-weights.ts";
import { findPredictedMasks } from "../../../src-main/engine/methods/da-sac/predicted-masks.ts";
import { readWeightsFile, writeWeightsFile } from "../../../src-main/engine/methods/da-sac/weights-file.ts";
import { weightsPickle } from "../../../src-main/engine/methods/da-sac/write-weights-pickle.ts";
import { drawOfClass } from "../../../src-main/engine/training/samples/importance-sampler.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { DA_SAC_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { differenceOf } from "../../helpers/recorded.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { pickleBytes } from "../../helpers/write-pickle.ts";

interface ImportanceCase {
  /** In the order of the target's list. */
  readonly predictions: readonly string[];
  readonly weights_file: string;
  readonly weights: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly uniform_prior: number;
  readonly ignore_class: readonly number[];
  readonly cumulative: Readonly<Record<string, readonly number[]>>;
  readonly draws: readonly {
    readonly index: number;
    readonly class_slot: number;
    readonly uniform: number;
    readonly image: number;
  }[];
  readonly without_ignored_classes: string;
}

describe.each(
  goldenCases<ImportanceCase>(`${DA_SAC_FIXTURES}G-importance`).map((golden) => [golden.name, golden] as const),
)("importance weights %s", (_, { folder, json }) => {
  const recordedFile = `${folder}${json.weights_file}`;
  const numClasses = Object.keys(json.cumulative).length;
  const settings = { numClasses, uniformShare: json.uniform_prior, ignoredClasses: [...json.ignore_class] };

  test("counted from predictions; what is not named as a mask is left out", async () => {
    const masks = await findPredictedMasks(`${folder}predictions`);
    const counts = new Map(
      await Promise.all(
        masks.map(async ({ path, name }) => [name, classCounts(await decodeLabelMap(path), numClasses, path)] as const),
      ),
    );
    expect(plain(importanceWeights(counts))).toEqual(json.weights);
  });

  test("the original's file is read", async () => {
    expect(plain(await readWeightsFile(recordedFile))).toEqual(json.weights);
  });

  test("what is written is, byte by byte, the pickle that the original wrote", async () => {
    expect(Buffer.compare(weightsPickle(await readWeightsFile(recordedFile)), pickleIn(recordedFile))).toBe(0);
  });

  test.each(["weights.data", "weights.json"])("%s, written and read again, is the same", async (name) => {
    const weights = await readWeightsFile(recordedFile);
    const path = join(temporaryFolder(), name);
    await writeWeightsFile(path, weights);
    const again = await readWeightsFile(path);
    expect([...again.keys()]).toEqual([...weights.keys()]);
    expect(plain(again)).toEqual(json.weights);
  });

  test("the form before PyTorch 1.6 is read, too", async () => {
    const systemInfo = new Map<string, number | boolean>([
      ["protocol_version", 1001],
      ["little_endian", true],
    ]);
    const head = [pickleBytes(0x1950a86a20f9469cfc6cn), pickleBytes(1001), pickleBytes(systemInfo)];
    const path = join(temporaryFolder(), "legacy.data");
    await writeFile(path, Buffer.concat([...head, pickleIn(recordedFile), pickleBytes([])]));
    expect((await readFile(path)).subarray(0, 15).toString("hex")).toBe("80028a0a6cfc9c46f9206aa850192e");
    expect(plain(await readWeightsFile(path))).toEqual(json.weights);
  });

  test("cumulative probabilities of every class", () => {
    const distributions = imageDistributions(inOrder(json), json.predictions.length, settings);
    for (const [id, expected] of Object.entries(json.cumulative)) {
      expect(differenceOf(distributions[Number(id)] ?? [], expected).largest, `class ${id}`).toBeLessThan(1e-12);
    }
  });

  test("draws of the target sampler", () => {
    const distributions = imageDistributions(inOrder(json), json.predictions.length, settings);
    for (const { index, class_slot: slot, uniform, image } of json.draws) {
      expect(index % numClasses).toBe(slot);
      expect(drawOfClass(distributions, index, { uniform: () => uniform }), `draw ${index}`).toBe(image);
    }
  });

  test("a class that is never predicted and not ignored can't be sampled", () => {
    const refused = Number(/class (\d+)/.exec(json.without_ignored_classes)?.[1]);
    const build = () => imageDistributions(inOrder(json), json.predictions.length, { ...settings, ignoredClasses: [] });
    expect(build).toThrow(AppError);
    expect(build).toThrow(`Class ${refused} is predicted in none of the target images`);
  });
});

function inOrder({ predictions, weights }: ImportanceCase): ClassShares[] {
  return predictions.map(
    (name) => new Map(Object.entries(weights[name] ?? {}).map(([id, share]) => [Number(id), share])),
  );
}

function plain(weights: ImportanceWeights): ImportanceCase["weights"] {
  return Object.fromEntries([...weights].map(([name, shares]) => [name, Object.fromEntries(shares)]));
}

function pickleIn(path: string): Uint8Array {
  const bytes = new Uint8Array(readFileSync(path));
  const directory = readZipDirectory(path, bytes);
  const member = [...directory.values()].find(({ name }) => name.endsWith("/data.pkl"));
  if (member === undefined) throw new Error(`no data.pkl in ${path}`);
  return readZipMember(path, bytes, member).slice();
}
