// Figures of an evaluation that goes on: from running sums, and from a file of records that grows.
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { recordsPath } from "../../../../src-main/engine/evaluation/evaluation-folder.ts";
import { RecordedEvaluations } from "../../../../src-main/engine/evaluation/recorded-figures.ts";
import { RunningFigures } from "../../../../src-main/engine/evaluation/running-figures.ts";
import { summarizeEvaluation } from "../../../../src-main/engine/evaluation/summarize-evaluation.ts";
import type { EvaluatedImage, FailedImage } from "../../../../src-shared/contract/evaluation.ts";

const NUM_CLASSES = 2;

function image(key: string, confusion: number[] | null = [5, 1, 2, 8]): EvaluatedImage {
  const bins = Array.from({ length: 10 * NUM_CLASSES }, (_, i) => i / 20);
  const calibration = { pixels: [6, 10], weightedErrors: [0.3, 0.7], correctSums: bins, confidenceSums: bins };
  const size = { width: 4, height: 4 };
  const figures = { entropy: 0.5, confidence: 0.75, losses: [], overlapAgreement: null, milliseconds: 1 };
  return { key, domain: null, size, confusion, calibration: confusion === null ? null : calibration, ...figures };
}
const failure = (key: string): FailedImage => ({ key, code: "image.damaged", message: "It breaks off." });
const line = (record: EvaluatedImage | FailedImage): string => `${JSON.stringify(record)}\n`;
const NOTHING = { evaluated: new Map(), failed: new Map() };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "acclimate-records-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("has the figures of the whole at the end, however it got there", () => {
  const images = [image("a.png"), image("b.png", [1, 2, 3, 4]), image("c.png", null)];
  const recorded = { evaluated: new Map([["a.png", image("a.png")]]), failed: new Map([["b.png", failure("b.png")]]) };
  const figures = new RunningFigures(NUM_CLASSES, recorded);
  expect(figures.counts).toEqual({ done: 2, failed: 1 });
  for (const one of images.slice(1)) figures.add(one);
  expect(figures.counts).toEqual({ done: 3, failed: 0 });
  const { pooled, calibration } = summarizeEvaluation(images, NUM_CLASSES, 0);
  expect(figures.scores).toEqual({ miou: pooled?.miou, ece: calibration?.ece });
});

it("has no scores without labels", () => {
  const figures = new RunningFigures(NUM_CLASSES, NOTHING);
  expect(figures.scores).toEqual({ miou: null, ece: null });
  figures.add(image("a.png", null));
  figures.add(failure("b.png"));
  expect(figures.scores).toEqual({ miou: null, ece: null });
  expect(figures.counts).toEqual({ done: 2, failed: 1 });
});

it("reads what is new, a record only once its line is whole, and another file from its beginning", async () => {
  const recorded = new RecordedEvaluations();
  const path = recordsPath(folder);
  expect(await recorded.figures(folder, NUM_CLASSES)).toEqual({ summary: null, failures: [] });
  await writeFile(path, line(failure("a.png")) + line(image("b.png")).slice(0, 30));
  const { summary, failures } = await recorded.figures(folder, NUM_CLASSES);
  expect([summary?.images, summary?.failed, failures]).toEqual([0, 1, [failure("a.png")]]);
  await appendFile(path, line(image("b.png")).slice(30) + line(image("a.png", [1, 2, 3, 4])));
  const whole = summarizeEvaluation([image("a.png", [1, 2, 3, 4]), image("b.png")], NUM_CLASSES, 0);
  expect(await recorded.figures(folder, NUM_CLASSES)).toEqual({ summary: whole, failures: [] });
  await writeFile(path, line(image("c.png")));
  expect((await recorded.figures(folder, NUM_CLASSES)).summary?.perImage.map(({ key }) => key)).toEqual(["c.png"]);
});

it("names the images of a cell of the confusion matrix, those with the most pixels first", async () => {
  const records = [image("few.png", [0, 1, 0, 0]), image("none.png", [9, 0, 9, 9]), image("many.png", [0, 7, 0, 0])];
  await writeFile(recordsPath(folder), records.map(line).join(""));
  const recorded = new RecordedEvaluations();
  expect(await recorded.confused(folder, NUM_CLASSES, { label: 0, predicted: 1 })).toEqual([
    { key: "many.png", pixels: 7 },
    { key: "few.png", pixels: 1 },
  ]);
  expect(await recorded.confused(folder, NUM_CLASSES, { label: 0, predicted: 2 })).toEqual([]);
});
