// Images read on other threads are those that this thread would read, and failures keep their words.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { encodeLabelPng, encodeRgbPng } from "../../../../../src-main/engine/images/encode-png.ts";
import { sourceSampleMaker } from "../../../../../src-main/engine/methods/source-training/source-samples.ts";
import { SAMPLE_PROGRAM } from "../../../../../src-main/engine/methods/training-methods.ts";
import {
  type DataSource,
  type ListedImages,
  listImages,
  openListed,
} from "../../../../../src-main/engine/training/data-source.ts";
import { sampleReader } from "../../../../../src-main/engine/training/samples/read-samples.ts";
import { threadReader } from "../../../../../src-main/engine/training/samples/reading-threads.ts";
import { horizon, tinyConfig } from "../../../../helpers/tiny-training.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-samples-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const source: DataSource = {
  kind: "folder",
  root: FOLDER,
  model: 2,
  split: "train",
  otherwise: "all",
  contained: false,
};

async function writeImages(count: number): Promise<void> {
  for (const folder of ["images", "labels"]) mkdirSync(join(FOLDER, folder), { recursive: true });
  for (let k = 0; k < count; k++) {
    const { image, labels } = await horizon.read(k);
    writeFileSync(join(FOLDER, "images", `${k}.png`), await encodeRgbPng(image));
    writeFileSync(join(FOLDER, "labels", `${k}.png`), await encodeLabelPng(labels));
  }
}

const streams = { source: { data: "source", settings: tinyConfig } } as const;

function reader(images: ListedImages, threads: number) {
  const task = { method: "source-training", images: { source: images }, streams };
  return threadReader(task, { program: SAMPLE_PROGRAM, count: threads });
}

describe("samples made on threads", () => {
  it("are the same as in this thread, whichever thread makes them", async () => {
    await writeImages(3);
    const listed = await listImages(source);
    const here = sampleReader({ source: openListed(listed) }, streams, sourceSampleMaker);
    const there = reader(listed, 2);
    for (const [place, draw] of [
      [0, 0],
      [1, 0],
      [2, 4],
    ] as const) {
      expect(await there.read("source", { place, draw })).toEqual(await here.read("source", { place, draw }));
    }
    await there.dispose();
    await expect(there.read("source", { place: 0, draw: 0 })).rejects.toThrow("ended too early");
  });

  it("are of the images as they were listed: no thread lists the data set anew", async () => {
    await writeImages(2);
    const listed = await listImages(source);
    const there = reader(listed, 1);
    const before = await there.read("source", { place: 1, draw: 0 });
    await there.dispose();
    // A thread that listed for itself would find another image in this place.
    for (const folder of ["images", "labels"]) cpSync(join(FOLDER, folder, "0.png"), join(FOLDER, folder, "00.png"));
    const later = reader(listed, 1);
    expect(await later.read("source", { place: 1, draw: 0 })).toEqual(before);
    await later.dispose();
    for (const folder of ["images", "labels"]) rmSync(join(FOLDER, folder, "00.png"));
  });

  it("say what is wrong with a file in its own words", async () => {
    await writeImages(1);
    const listed = await listImages(source);
    writeFileSync(join(FOLDER, "images", "0.png"), "no image");
    const there = reader(listed, 1);
    await expect(there.read("source", { place: 0, draw: 0 })).rejects.toMatchObject({
      name: "AppError",
      code: "image.format",
    });
    await there.dispose();
  });
});
