// A run on a tiny model, as the engine process does it: what it is measured against, and what it tells of each prediction.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { encodeLabelPng, encodeRgbPng } from "../../../../src-main/engine/images/encode-png.ts";
import { runHandler } from "../../../../src-main/engine/process/handlers/run.ts";
import { ModelCache } from "../../../../src-main/engine/process/model-cache.ts";
import { PauseSwitch } from "../../../../src-main/engine/training/pause-switch.ts";
import type { EngineEvent } from "../../../../src-shared/contract/engine-protocol.ts";
import { keptIterations } from "../../../../src-shared/contract/workbench/kept-iterations.ts";
import {
  type KeptIteration,
  type PlaneStop,
  type ReferencePrediction,
  runConfigFormSchema,
} from "../../../../src-shared/contract/workbench/runs.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";
import { writeTinyCheckpoint } from "../../../helpers/tiny-checkpoint.ts";
import { blockImage } from "../../../helpers/tiny-model.ts";

const WIDTH = 96;
const HEIGHT = 64;
const models = new ModelCache();
const handle = runHandler(models);
afterAll(() => models.clear());

async function run(config: object) {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const path = (name: string): string => join(folder, name);
  writeFileSync(path("image.png"), await encodeRgbPng(blockImage(WIDTH, HEIGHT)));
  const data = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => i % 5);
  writeFileSync(path("labels.png"), await encodeLabelPng({ width: WIDTH, height: HEIGHT, data }));
  await writeTinyCheckpoint(path("tiny.safetensors"));
  const form = runConfigFormSchema.parse({ numEpochs: 2, baseLr: 0.01, threshold: 0.1, ...config });
  const files = (stop: PlaneStop) => ({
    labels: path(`${stop}-labels.gz`),
    confidence: path(`${stop}-confidence.gz`),
    entropy: path(`${stop}-entropy.gz`),
    candidates: path(`${stop}-candidates.gz`),
  });
  const events: EngineEvent<"run">[] = [];
  await handle(
    {
      imagePath: path("image.png"),
      labels: { path: path("labels.png"), encoding: "trainIds" },
      checkpointPath: path("tiny.safetensors"),
      config: form,
      machine: { runtime: "onnx", provider: "cpu", threads: 1 },
      kept: keptIterations(form).map((iteration) => ({ iteration, files: files(iteration) })),
      storedFiles: files("stored"),
      pseudoLabelFile: path("pseudo-label.gz"),
    },
    {
      signal: new AbortController().signal,
      pause: new PauseSwitch(),
      isAlone: () => true,
      tell: (event) => events.push(event),
    },
  );
  return {
    kept: events.flatMap((event) => (event.type === "kept" ? [event.kept] : [])),
    references: events.flatMap((event) => (event.type === "referenced" ? [event.reference] : [])),
    agreement: events.flatMap((event) =>
      event.type === "progressed" && event.event.type === "pseudoLabelFinished" ? [event.event.agreement] : [],
    ),
    windows: events.flatMap((event) =>
      event.type === "progressed" && event.event.type === "windowFinished" ? [event.event] : [],
    ),
    hasStoredFiles: existsSync(files("stored").labels),
  };
}

const figuresOf = ({ scores, meanConfidence, meanEntropy }: KeptIteration | ReferencePrediction) => ({
  scores,
  meanConfidence,
  meanEntropy,
});

describe("a run in windows", () => {
  it("tells each of them, and of every prediction how far they agree", async () => {
    const { kept, references, windows } = await run({ window: [32, 48], overlap: 16, alpha: 0.5 });
    // Three windows each way, of iterations 0, 1 and 2.
    expect(windows).toHaveLength(3 * 9);
    expect(windows.every(({ windows: all }) => all === 9)).toBe(true);
    for (const { figures } of [...kept, ...references]) {
      expect(figures?.overlapAgreement).toBeGreaterThan(0);
      expect(figures?.overlapAgreement).toBeLessThanOrEqual(1);
    }
    const whole = await run({ alpha: 0.5 });
    expect(whole.windows).toEqual([]);
    expect(whole.kept[0]?.figures?.overlapAgreement).toBeNull();
    expect(whole.kept[0]?.meanEntropy).not.toBe(kept[0]?.meanEntropy);
  });
});

describe("what a run is measured against", () => {
  it("is iteration 0 itself where the run has the checkpoint's alpha", async () => {
    const { kept, references, hasStoredFiles } = await run({});
    const [unadapted] = kept;
    expect(references.map(({ kind, alpha, hasPlanes }) => ({ kind, alpha, hasPlanes }))).toEqual([
      { kind: "stored", alpha: 0.1, hasPlanes: false },
      { kind: "source", alpha: 0, hasPlanes: false },
    ]);
    if (unadapted === undefined) throw new Error("nothing was kept");
    expect(references[0]).toMatchObject(figuresOf(unadapted));
    expect(references[1]?.meanEntropy).not.toBe(unadapted.meanEntropy);
    expect(hasStoredFiles).toBe(false);
  });

  it("is the checkpoint as it is stored, whatever alpha the run has", async () => {
    const [own, other, source] = [await run({}), await run({ alpha: 0.9 }), await run({ alpha: 0 })];
    const stored = (from: typeof own) => from.references.find(({ kind }) => kind === "stored");
    const atSource = (from: typeof own) => from.references.find(({ kind }) => kind === "source");
    const [ofOwn, ofOther, ofSource] = [own.kept[0], other.kept[0], source.kept[0]];
    if (ofOwn === undefined || ofOther === undefined || ofSource === undefined) throw new Error("nothing was kept");
    expect(ofOther.meanEntropy).not.toBe(ofOwn.meanEntropy);
    expect(stored(other)).toMatchObject({ alpha: 0.1, hasPlanes: true, ...figuresOf(ofOwn) });
    expect(other.hasStoredFiles).toBe(true);
    expect(stored(source)).toMatchObject(figuresOf(ofOwn));
    expect(atSource(source)).toMatchObject({ alpha: 0, hasPlanes: false, ...figuresOf(ofSource) });
    // Alpha 0 in a graph that mixes statistics differs in rounding from one that does not.
    expect(atSource(other)?.meanEntropy).toBeCloseTo(ofSource.meanEntropy, 6);
  });

  it("costs a plain prediction with the stored alpha nothing", async () => {
    const { references } = await run({ method: "predict" });
    expect(references.map(({ kind }) => kind)).toEqual(["stored"]);
  });
});

it("tells of every kept prediction what it looks like without labels", async () => {
  const { kept, agreement } = await run({ baseLr: 0.05 });
  for (const { iteration, figures, scores } of kept) {
    expect(figures?.classPixels.reduce((sum, count) => sum + count, 0)).toBe(WIDTH * HEIGHT);
    expect(scores?.present).toEqual([0, 1, 2, 3, 4]);
    if (iteration === 0) expect(figures).toMatchObject({ changed: 0, supported: null });
    if (figures !== null && figures.changed > 0) expect(figures.supported).not.toBeNull();
  }
  expect(agreement).toEqual([expect.closeTo(0.5, 0)]);
});
