// What is remembered of the images that a training learns from.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DatasetReport } from "../../../../src-main/engine/datasets/dataset-report.ts";
import { encodeLabelPng, encodeRgbPng } from "../../../../src-main/engine/images/encode-png.ts";
import { openTrainingData } from "../../../../src-main/engine/training/training-data.ts";
import { writeFileAtomically } from "../../../../src-main/files/write-file-atomically.ts";
import { sourceTrainingConfigSchema } from "../../../../src-shared/contract/training/source-training.ts";

const CONFIG = sourceTrainingConfigSchema.parse({});
const OPTIONS = { report: new DatasetReport(), contained: false };

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "acclimate-training-data-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function writeImages(root: string, names: readonly string[]): Promise<void> {
  for (const kind of ["images", "labels"]) await mkdir(join(root, kind), { recursive: true });
  const size = { width: 4, height: 2 };
  for (const name of names) {
    const image = await encodeRgbPng({ ...size, data: new Uint8Array(24) });
    await writeFileAtomically(join(root, "images", name), image);
    await writeFileAtomically(join(root, "labels", name), await encodeLabelPng({ ...size, data: new Uint8Array(8) }));
  }
}

describe("what a trained checkpoint says of its images", () => {
  it("names no folder of the machine that trained it", async () => {
    await writeImages(join(folder, "learnt"), ["0.png", "1.png"]);
    await writeImages(join(folder, "kept"), ["0.png"]);
    const choice = (name: string) => ({ kind: "folder", root: join(folder, name), split: null }) as const;
    const { description, provenance } = await openTrainingData(
      { training: choice("learnt"), target: null, validation: choice("kept") },
      CONFIG,
      OPTIONS,
    );

    expect(provenance).toEqual({
      training: { kind: "folder", split: null, images: 2 },
      validation: { kind: "folder", split: null, images: 1 },
    });
    expect(description).toMatchObject({ training: { root: join(folder, "learnt") } });
  });

  it("says of the built-in sample which scenes they are", async () => {
    const data = await openTrainingData(
      { training: { kind: "sample", count: 3 }, target: null, validation: { kind: "sample", count: 2 } },
      CONFIG,
      OPTIONS,
    );
    expect(data.provenance).toEqual(data.description);
    expect(data.provenance).toMatchObject({ training: { kind: "sample", domain: "clear", first: 0, count: 3 } });
  });
});
