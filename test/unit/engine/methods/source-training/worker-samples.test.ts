// Images read on other threads are those that this thread would read, and failures keep their words.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { encodeLabelPng, encodeRgbPng } from "../../../../../src-main/engine/images/encode-png.ts";
import { type DataSource, openDataSource } from "../../../../../src-main/engine/methods/source-training/data-source.ts";
import { sampleReader } from "../../../../../src-main/engine/methods/source-training/training-batch.ts";
import { workerSamples } from "../../../../../src-main/engine/methods/source-training/worker-samples.ts";
import { horizon, tinyConfig } from "../../../../helpers/tiny-training.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-samples-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const source: DataSource = { kind: "folder", root: FOLDER, numClasses: 2, split: "train", contained: false };

async function writeImages(count: number): Promise<void> {
  for (const folder of ["images", "labels"]) mkdirSync(join(FOLDER, folder), { recursive: true });
  for (let k = 0; k < count; k++) {
    const { image, labels } = await horizon.read(k);
    writeFileSync(join(FOLDER, "images", `${k}.png`), await encodeRgbPng(image));
    writeFileSync(join(FOLDER, "labels", `${k}.png`), await encodeLabelPng(labels));
  }
}

describe("images read on threads", () => {
  it("are the same as in this thread, whichever thread reads them", async () => {
    await writeImages(3);
    const here = sampleReader(await openDataSource(source), tinyConfig);
    const there = workerSamples(source, tinyConfig, 2);
    for (const [place, epoch] of [
      [0, 0],
      [1, 0],
      [2, 4],
    ] as const) {
      expect(await there.read(place, epoch)).toEqual(await here.read(place, epoch));
    }
    await there.dispose();
    await expect(there.read(0, 0)).rejects.toThrow("ended too early");
  });

  it("say what is wrong with a file in its own words", async () => {
    await writeImages(1);
    writeFileSync(join(FOLDER, "images", "0.png"), "no image");
    const there = workerSamples(source, tinyConfig, 1);
    await expect(there.read(0, 0)).rejects.toMatchObject({ name: "AppError", code: "image.format" });
    await there.dispose();
  });

  it("say so when there is no data set", async () => {
    const there = workerSamples({ ...source, root: join(FOLDER, "nowhere") }, tinyConfig, 1);
    await expect(there.read(0, 0)).rejects.toMatchObject({ code: "input.missing" });
    await there.dispose();
  });
});
