// An evaluation on the disk: killed and resumed, divided and joined, it gives the same figures.
import { appendFile, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { evaluateImages } from "../../../../src-main/engine/evaluation/evaluate-images.ts";
import {
  openEvaluationFolder,
  recordsPath,
  summaryPath,
} from "../../../../src-main/engine/evaluation/evaluation-folder.ts";
import { mergeEvaluations } from "../../../../src-main/engine/evaluation/merge-evaluations.ts";
import { RecordsWriter, readRecords } from "../../../../src-main/engine/evaluation/records-file.ts";
import { scoreImage } from "../../../../src-main/engine/evaluation/score-image.ts";
import { AppError, CancelledError } from "../../../../src-shared/contract/errors.ts";
import {
  type EvaluatedImage,
  type EvaluationEvent,
  type EvaluationHeader,
  evaluationConfigSchema,
  type FailedImage,
} from "../../../../src-shared/contract/evaluation.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "acclimate-evaluation-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function record(key: string, entropy = 0.5): EvaluatedImage {
  return {
    key,
    domain: null,
    size: { width: 2, height: 1 },
    confusion: diagonal(19),
    calibration: null,
    entropy,
    confidence: 0.75,
    losses: [1.25],
    overlapAgreement: null,
    milliseconds: 3,
  };
}

/** Of every class one pixel, rightly predicted. */
function diagonal(numClasses: number): number[] {
  return Array.from({ length: numClasses ** 2 }, (_, i) => (i % (numClasses + 1) === 0 ? 1 : 0));
}

function header(shard: { index: number; count: number }, images = 3): EvaluationHeader {
  return {
    acclimate: "0.1.0",
    checkpoint: {
      path: "model.safetensors",
      format: "safetensors",
      sizeBytes: 1,
      sha256: "0".repeat(64),
      arch: "deeplab",
      backbone: "resnet18",
      numClasses: 19,
      alpha: 0.1,
    },
    runtime: { name: "onnx", provider: "cpu", threads: 1, version: "1", note: "" },
    config: evaluationConfigSchema.parse({ method: "predict" }),
    dataset: { path: "/data", layout: "images", split: null, images },
    shard,
  };
}

async function writePart(name: string, shard: { index: number; count: number }, records: readonly EvaluatedImage[]) {
  const part = join(folder, name);
  await openEvaluationFolder(part, header(shard));
  const writer = await RecordsWriter.open(recordsPath(part));
  for (const each of records) await writer.append(each);
  await writer.close();
  return part;
}

describe("records", () => {
  test("come back as they were written; a line that a kill cut off counts as not evaluated", async () => {
    const path = join(folder, "images.jsonl");
    const writer = await RecordsWriter.open(path);
    await writer.append(record("a", 0.1 + 0.2));
    await writer.close();
    await appendFile(path, '{"key":"b","size":{"wid');

    const resumed = await RecordsWriter.open(path);
    await resumed.append(record("c"));
    await resumed.close();

    const { evaluated } = await readRecords(path);
    expect([...evaluated.keys()]).toEqual(["a", "c"]);
    expect(evaluated.get("a")?.entropy).toBe(0.1 + 0.2);
  });

  test("are whole again after one broke off on a full disk and was written again", async () => {
    const path = join(folder, "images.jsonl");
    const file = await open(path, "a+");
    const full = vi.spyOn(Object.getPrototypeOf(file), "appendFile").mockImplementationOnce(async () => {
      await file.write('{"key":"b","size":');
      throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    });
    const writer = await RecordsWriter.open(path);
    await expect(writer.append(record("b"))).rejects.toMatchObject({ code: "output.diskFull" });
    await writer.append(record("b"));
    await writer.append(record("c"));
    await Promise.all([writer.close(), file.close()]);
    full.mockRestore();
    expect([...(await readRecords(path)).evaluated.keys()]).toEqual(["b", "c"]);
  });

  test("of an image that failed and was tried again, the result counts", async () => {
    const path = join(folder, "images.jsonl");
    const writer = await RecordsWriter.open(path);
    await writer.append({ key: "a", code: "image.damaged", message: "breaks off" });
    await writer.append(record("a"));
    await writer.append({ key: "b", code: "image.damaged", message: "breaks off" });
    await writer.close();
    const { evaluated, failed } = await readRecords(path);
    expect([...evaluated.keys()]).toEqual(["a"]);
    expect([...failed.keys()]).toEqual(["b"]);
  });
});

describe("an evaluation's folder", () => {
  test("is taken up again by the same evaluation, and refused to another one", async () => {
    await openEvaluationFolder(folder, header({ index: 1, count: 1 }));
    await openEvaluationFolder(folder, header({ index: 1, count: 1 }));
    const other = { ...header({ index: 1, count: 1 }), config: evaluationConfigSchema.parse({ method: "tta" }) };
    await expect(openEvaluationFolder(folder, other)).rejects.toThrow("it differs in method");
    const older = { ...header({ index: 1, count: 1 }), acclimate: "0.0.1" };
    await expect(openEvaluationFolder(folder, older)).rejects.toThrow(
      "(it differs in the version of Acclimate); start anew in another folder, or go on with what it was begun with.",
    );
  });
});

describe("joining", () => {
  const one = { index: 1, count: 2 };
  const two = { index: 2, count: 2 };

  test("gives the bytes of the whole, whichever part comes first", async () => {
    const records = [record("a", 0.1), record("b", 0.2), record("c", 0.3)];
    const [a, b, c] = records as [EvaluatedImage, EvaluatedImage, EvaluatedImage];
    const parts = [await writePart("1", one, [a, c]), await writePart("2", two, [b])];
    await mergeEvaluations(parts, join(folder, "joined"));
    await mergeEvaluations(parts.toReversed(), join(folder, "other-way"));
    const summary = await readFile(summaryPath(join(folder, "joined")), "utf8");
    expect(await readFile(summaryPath(join(folder, "other-way")), "utf8")).toBe(summary);
    expect(JSON.parse(summary).summary).toMatchObject({ images: 3, labelled: 3, pooled: { miou: 1 } });
  });

  test("says which shard is not there, which is there twice, and what is not finished", async () => {
    const first = await writePart("1", one, [record("a")]);
    const second = await writePart("2", two, [record("b")]);
    const output = join(folder, "joined");
    await expect(mergeEvaluations([first], output)).rejects.toThrow("Of 2 shards number 2 is not among the folders");
    await expect(mergeEvaluations([first, first], output)).rejects.toThrow("are the same shard");
    await expect(mergeEvaluations([first, second], output)).rejects.toThrow("1 of 3 images are not evaluated yet");
  });
});

describe("evaluating", () => {
  const image = { width: 2, height: 1, data: new Uint8Array(6) };
  const scores = { scores: Float32Array.of(1, 0, 0, 1), kind: "logits", losses: [] } as const;
  const items = ["a", "b", "c"].map((key) => ({ key, domain: null }));

  function evaluate(more: {
    load?: (key: string) => void;
    run?: (key: string) => void;
    signal?: AbortSignal;
  }): Promise<{ records: (EvaluatedImage | FailedImage)[]; events: EvaluationEvent[] }> {
    const records: (EvaluatedImage | FailedImage)[] = [];
    const events: EvaluationEvent[] = [];
    return evaluateImages({
      items,
      numClasses: 2,
      load: async ({ key }) => {
        more.load?.(key);
        return { image, labels: { width: 2, height: 1, data: Uint8Array.of(0, 1) } };
      },
      run: async (_image, { key }) => {
        more.run?.(key);
        return scores;
      },
      score: async (request) => scoreImage(request),
      record: async (each) => {
        records.push(each);
      },
      onEvent: (event) => events.push(event),
      signal: more.signal ?? new AbortController().signal,
    }).then(() => ({ records, events }));
  }

  test("records every image once, in order", async () => {
    const { records, events } = await evaluate({});
    expect(records.map(({ key }) => key)).toEqual(["a", "b", "c"]);
    expect(events.filter(({ type }) => type === "imageEvaluated")).toHaveLength(3);
  });

  test("goes on after an image that can't be read or computed, and records why", async () => {
    const broken = (at: string) => (key: string) => {
      if (key === at) throw new AppError("image.damaged", `"${key}" breaks off.`);
    };
    const { records } = await evaluate({ load: broken("a"), run: broken("c") });
    expect(records).toEqual([
      { key: "a", code: "image.damaged", message: '"a" breaks off.' },
      expect.objectContaining({ key: "b", confusion: [1, 0, 0, 1] }),
      { key: "c", code: "image.damaged", message: '"c" breaks off.' },
    ]);
  });

  test("stops between two images when it is told to", async () => {
    const controller = new AbortController();
    await expect(
      evaluate({ run: (key) => key === "b" && controller.abort(), signal: controller.signal }),
    ).rejects.toThrow(CancelledError);
  });
});
