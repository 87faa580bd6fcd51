// A training that was begun by the version before there were several methods goes on with the same numbers.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { trainingMethodOf } from "../../../../src-main/engine/methods/training-methods.ts";
import { train } from "../../../../src-main/engine/training/train.ts";
import { readTrainingState, requireSameConfig } from "../../../../src-main/engine/training/training-store.ts";
import type { SourceTrainingConfig } from "../../../../src-shared/contract/training/source-training.ts";
import type { TrainingEvent } from "../../../../src-shared/contract/training/training-events.ts";
import { onnxRuntime } from "../../../helpers/runtimes-under-test.ts";
import { horizon, lossesOf, sourceTask, tinyConfig } from "../../../helpers/tiny-training.ts";

const FOLDER = fileURLToPath(new URL("../../../fixtures/trainings/", import.meta.url));

const config: SourceTrainingConfig = {
  ...tinyConfig,
  numEpochs: 3,
  saveStep: 1,
  validationStart: 0,
  microBatchSize: 1,
  dropout: true,
  auxWeight: 0.4,
  ema: 0.9,
  alpha: null,
  numAlphas: 2,
};

interface Recorded {
  readonly losses: readonly number[];
  readonly epochs: readonly { epoch: number; loss: number; scores: readonly { alpha: number; miou: number }[] }[];
}

it("resumes with the losses and scores that it had then", async () => {
  const recorded = JSON.parse(readFileSync(`${FOLDER}earlier.json`, "utf8")) as Recorded;
  const path = `${FOLDER}earlier-state.safetensors`;
  const resumed = await readTrainingState(path, trainingMethodOf);
  requireSameConfig(resumed, config, path);
  expect(resumed.config.method).toBe("source-training");
  expect(resumed.progress).toMatchObject({ step: 4, images: { source: 5 }, method: { updates: [4], passes: [7] } });

  const events: TrainingEvent[] = [];
  const task = { ...sourceTask(config, horizon, onnxRuntime), validationData: horizon };
  const { epochs, bests } = await train(task, { resumed, onEvent: (event) => events.push(event) });
  // To the bit when this was recorded; other processors, and later lowerings, add in another order.
  const close = (values: readonly (number | null)[]) => values.map((value) => expect.closeTo(value ?? Number.NaN, 4));
  expect(lossesOf(events)).toEqual(close(recorded.losses.slice(4)));
  expect(epochs.map(({ loss }) => loss)).toEqual(close(recorded.epochs.map(({ loss }) => loss)));
  // Scores of before the stop come from the state, later ones are computed.
  expect(epochs[0]?.scores).toEqual(
    recorded.epochs[0]?.scores.map(({ alpha, miou }) => ({ name: "alpha", value: alpha, miou })),
  );
  const miou = (rows: Recorded["epochs"] | typeof epochs) => rows.flatMap(({ scores }) => scores.map((s) => s.miou));
  for (const [k, value] of miou(epochs).entries()) expect(value).toBeCloseTo(miou(recorded.epochs)[k] ?? -1, 2);
  expect(bests.map(({ name, value }) => [name, value])).toEqual([
    ["alpha", 0],
    ["alpha", 1],
  ]);
});
