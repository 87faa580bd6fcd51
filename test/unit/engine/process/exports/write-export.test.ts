// Exports: every format of a run that was really computed, checked by what reads it; refusals; nothing half written.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readZipDirectory, readZipMember } from "../../../../../src-main/engine/checkpoints/zip/read-zip.ts";
import { argmaxLabels } from "../../../../../src-main/engine/images/argmax.ts";
import { decodeImage } from "../../../../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../../../../src-main/engine/images/decode-label-map.ts";
import { normalize } from "../../../../../src-main/engine/images/normalize.ts";
import { predict } from "../../../../../src-main/engine/methods/inference/predict.ts";
import { SegmentationModel } from "../../../../../src-main/engine/methods/shared/segmentation-model.ts";
import { detectArchitecture } from "../../../../../src-main/engine/models/detect-architecture.ts";
import { loadCheckpoint } from "../../../../../src-main/engine/models/load-checkpoint.ts";
import { writeExport } from "../../../../../src-main/engine/process/exports/write-export.ts";
import { createRuntime } from "../../../../../src-main/engine/runtimes/create-runtime.ts";
import { CancelledError } from "../../../../../src-shared/contract/errors.ts";
import type { ExportedFile, ExportedRun, ExportJob } from "../../../../../src-shared/contract/export-job.ts";
import type { ExportFormat } from "../../../../../src-shared/contract/workbench/exports.ts";
import { CITYSCAPES_PALETTE } from "../../../../../src-shared/labels/palettes.ts";
import { type FinishedRun, finishedRun } from "../../../../helpers/finished-run.ts";

let folder: string;
let adapted: FinishedRun;
let labels: Uint8Array;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "acclimate-export-"));
  adapted = await finishedRun(join(folder, "run"), "adapt");
  labels = new Uint8Array(gunzipSync(readFileSync(adapted.planes.labels)));
});
afterAll(() => rmSync(folder, { recursive: true }));

const NAMES: Readonly<Record<ExportFormat, string>> = {
  trainIds: "night/000_trainIds.png",
  labelIds: "night/000_labelIds.png",
  color: "night/000_color.png",
  overlay: "night/000_overlay.png",
  probabilities: "night/000_probabilities.npz",
  coco: "night/000_coco.json",
  csv: "night/000_iterations.csv",
  json: "night/000_run.json",
  report: "night/000_report.html",
  weights: "night/000_adapted.safetensors",
  onnx: "night/000_adapted.onnx",
};

function jobOf(
  run: Omit<ExportedRun, "files">,
  formats: readonly ExportFormat[],
  archive: string | null = null,
): ExportJob {
  const files = formats.map((format) => ({ format, name: NAMES[format] }));
  const { image, ...exported } = { image: undefined, ...run };
  const name = mkdtempSync(join(folder, "out-"));
  return { folder: name, archive, palette: "cityscapes", overlayOpacity: 0.5, runs: [{ ...exported, files }] };
}

/** Exports one format and gives its path. */
async function exported(format: ExportFormat, run: Omit<ExportedRun, "files"> = adapted): Promise<string> {
  const job = jobOf(run, [format]);
  await writeExport(job, { onFile: () => undefined });
  return join(job.folder, NAMES[format]);
}

describe("pictures and tables", () => {
  test("label pictures hold the ids exactly", async () => {
    expect((await decodeLabelMap(await exported("trainIds"))).data).toEqual(labels);
    const ids = (await decodeLabelMap(await exported("labelIds"))).data;
    expect(ids[0]).toBe([7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33][labels[0] ?? 0]);
  });

  test("COCO's annotations cover every pixel once, by Cityscapes' label ids", async () => {
    const { images, categories, annotations } = JSON.parse(readFileSync(await exported("coco"), "utf8"));
    expect(images).toEqual([{ id: 1, file_name: "000.png", width: 96, height: 64 }]);
    expect(categories[13]).toEqual({ id: 26, name: "car", supercategory: "vehicle" });
    const areas: number[] = annotations.map(({ area }: { area: number }) => area);
    expect(areas.reduce((sum, area) => sum + area)).toBe(labels.length);
    expect(annotations).toHaveLength(new Set(labels).size);
    expect(annotations[0]).toMatchObject({ id: 1, image_id: 1, iscrowd: 0, segmentation: { size: [64, 96] } });
  });

  test("a kept prediction with an id that is no class is refused, and nothing is written", async () => {
    const { planes } = adapted;
    const path = join(folder, "foreign ids.gz");
    writeFileSync(path, gzipSync(labels.with(0, 200)));
    const foreign = { ...adapted, planes: { ...planes, labels: path } };
    await expect(exported("labelIds", foreign)).rejects.toMatchObject({
      code: "label.ids",
      message: expect.stringContaining("holds the id 200, the model has 19 classes"),
    });
  });

  test("colours are the palette's, and the overlay lies between them and the image", async () => {
    const [color, overlay] = [await decodeImage(await exported("color")), await decodeImage(await exported("overlay"))];
    const expected = CITYSCAPES_PALETTE[labels[0] ?? 0] ?? [0, 0, 0];
    expect([...color.data.slice(0, 3)]).toEqual(expected);
    expect(overlay.data[0]).toBe(Math.round(0.5 * (adapted.image.data[0] ?? 0) + 0.5 * expected[0]));
  });

  test("the table has an iteration a row, and empty cells where there is no figure", async () => {
    const [head = "", first = "", second = "", third = "", end] = readFileSync(await exported("csv"), "utf8").split(
      "\n",
    );
    expect(head.startsWith("iteration,loss,mean IoU,mean confidence,mean entropy,IoU road,IoU sidewalk")).toBe(true);
    expect(first).toMatch(/^0,,,0\.\d+,0\.\d+,{19}$/);
    expect([second, third].map((row) => Number(row.split(",")[1]))).toEqual(adapted.run.losses);
    expect(end).toBe("");
  });

  test("the document holds the run, its command and its classes", async () => {
    const document = JSON.parse(readFileSync(await exported("json"), "utf8"));
    expect(document).toMatchObject({ run: adapted.run, iteration: 2, command: adapted.command });
    expect(document.classes[13]).toEqual({ trainId: 13, name: "car", cityscapesId: 26 });
  });

  test("the report is one file without a foreign word: everything from outside is escaped", async () => {
    const page = readFileSync(await exported("report"), "utf8");
    expect(page).toContain("self-adaptation with tiny &#60;b&#62;, 2024-01-02 03:04 UTC");
    expect(page).toContain("acclimate adapt &#39;000.png&#39;");
    expect(page).not.toMatch(/<b>|<script|https?:/);
    expect(page.match(/<img src="data:image\/webp;base64,/g)).toHaveLength(5);
    expect(page).toContain("<svg");
    expect(page).toContain("default-src 'none'");
  });
});

describe("what is computed again", () => {
  test("probabilities sum to 1 and their largest is the label", async () => {
    const bytes = readFileSync(await exported("probabilities"));
    const member = readZipDirectory("p.npz", bytes).get("probabilities.npy");
    if (member === undefined) throw new Error("no probabilities.npy");
    const npy = Buffer.from(readZipMember("p.npz", bytes, member));
    expect(npy.toString("latin1", 0, 128)).toContain("'shape': (19, 64, 96)");
    const values = new Float32Array(npy.buffer.slice(npy.byteOffset + 128, npy.byteOffset + npy.length));
    let sum = 0;
    for (let k = 0; k < 19; k += 1) sum += values[k * 64 * 96 + 5] ?? 0;
    expect(sum).toBeCloseTo(1, 5);
    expect(argmaxLabels(values, 19, 64, 96).data).toEqual(labels);
  });

  test("adapted weights are a complete checkpoint that predicts what the run did", async () => {
    const path = await exported("weights");
    const { stateDict, metadata } = await loadCheckpoint(path);
    const { stateDict: before } = await loadCheckpoint(adapted.checkpointPath);
    expect([...stateDict.keys()].sort()).toEqual([...before.keys()].sort());
    expect(metadata).toMatchObject({ method: "adapt", iteration: "2", image: "night/000.png" });
    const counted = "backbone.bn1.batch_norm.num_batches_tracked";
    expect(Number(stateDict.get(counted)?.data[0])).toBe(Number(before.get(counted)?.data[0]) + 2);
    const runtime = await createRuntime({ runtime: "onnx", provider: "cpu", threads: 1 });
    const model = new SegmentationModel(runtime, detectArchitecture(stateDict, path), stateDict);
    const { scores } = await predict(model, adapted.image);
    expect(argmaxLabels(scores, 19, 64, 96).data).toEqual(labels);
    await model.dispose();
    await runtime.dispose();
  });

  test("the adapted model runs in ONNX Runtime by itself and predicts what the run did", async () => {
    const session = await InferenceSession.create(await exported("onnx"));
    expect([session.inputNames, session.outputNames]).toEqual([["image"], ["logits"]]);
    const { logits } = await session.run({ image: new Tensor("float32", normalize(adapted.image), [1, 3, 64, 96]) });
    const predicted = argmaxLabels(logits?.data as Float32Array, 19, 64, 96).data;
    const differing = predicted.filter((label, i) => label !== labels[i]).length;
    expect(differing).toBeLessThanOrEqual(3); // near ties, which the export itself checks by their logits
    await session.release();
  });

  test.each(["predict", "tta"] as const)("probabilities of %s", async (method) => {
    const run = await finishedRun(join(folder, method), method);
    const size = readFileSync(await exported("probabilities", run)).length;
    expect(size).toBeGreaterThan(19 * 64 * 96 * 4);
  });

  test("a result that comes out differently is an error that says so, and writes nothing", async () => {
    const wrong = join(folder, "wrong.gz");
    writeFileSync(wrong, gzipSync(labels.map((label, i) => (i < 7 ? (label + 1) % 19 : label))));
    const job = jobOf({ ...adapted, planes: { ...adapted.planes, labels: wrong } }, ["trainIds", "weights"]);
    await expect(writeExport(job, { onFile: () => undefined })).rejects.toMatchObject({
      code: "run.differs",
      message: expect.stringContaining("7 of 6144 pixels came out differently"),
    });
    expect(readdirSync(job.folder)).toEqual([]);
  });

  test("so is a checkpoint or an image that has changed since", async () => {
    const copy = await finishedRun(join(folder, "changed"), "predict");
    const changed = { ...copy, run: { ...copy.run, provenance: { ...provenanceOf(copy), checkpointSha256: "0" } } };
    await expect(exported("onnx", changed)).rejects.toThrow("is not the checkpoint it was made with any more");
    writeFileSync(copy.imagePath, readFileSync(adapted.imagePath).subarray(0, -1));
    await expect(exported("probabilities", copy)).rejects.toThrow("is not the image it was made from any more");
  });
});

function provenanceOf({ run }: FinishedRun) {
  if (run.provenance === null) throw new Error("no provenance");
  return run.provenance;
}

describe("files", () => {
  test("each is told once it is there, and the archive holds them all", async () => {
    const told: ExportedFile[] = [];
    const job = jobOf(adapted, ["trainIds", "csv", "json"], "all.zip");
    await writeExport(job, { onFile: (file) => told.push(file) });
    expect(told.map(({ name }) => name)).toEqual([NAMES.trainIds, NAMES.csv, NAMES.json]);
    const archive = readFileSync(join(job.folder, "all.zip"));
    for (const { name, sizeBytes } of told) {
      const member = readZipDirectory("all.zip", archive).get(name);
      expect(member?.sizeBytes).toBe(sizeBytes);
    }
    expect(readdirSync(job.folder).sort()).toEqual(["all.zip", "night"]);
  });

  test("a plane that is damaged, and a folder that cannot be written, are said in a sentence", async () => {
    const short = join(folder, "short.gz");
    writeFileSync(short, gzipSync(new Uint8Array(10)));
    await expect(exported("color", { ...adapted, planes: { ...adapted.planes, labels: short } })).rejects.toThrow(
      "is no plane of 96 x 64 pixels any more",
    );
    const job = { ...jobOf(adapted, ["csv"]), folder: "/proc/acclimate" };
    await expect(writeExport(job, { onFile: () => undefined })).rejects.toMatchObject({ code: "output.unwritable" });
  });

  test("stops between runs when asked to", async () => {
    const job = jobOf(adapted, ["csv"]);
    const stop = { onFile: () => undefined, signal: AbortSignal.abort() };
    await expect(writeExport(job, stop)).rejects.toBeInstanceOf(CancelledError);
    expect(readdirSync(job.folder)).toEqual([]);
  });
});
