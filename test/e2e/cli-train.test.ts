// `acclimate train` from the command line to the files: what it prints, writes, and takes up again after Ctrl-C.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadCheckpoint } from "../../src-main/engine/models/load-checkpoint.ts";
import { type TrainingResults, trainingResultsSchema } from "../../src-shared/contract/training-results.ts";
import { type CliResult, ended, runCli, startCli } from "../helpers/run-cli.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-train-"));
const TINY = [
  ...["--backbone-name", "resnet18", "--width", "4", "--crop-size", "32", "32", "--batch-size", "2"],
  ...["--provider", "cpu", "--threads", "1", "--num-workers", "2"],
];
const DATA = ["--dataset-root", "streets/clear", "--val-dataset-root", "streets/fog"];

beforeAll(async () => {
  await runCli(["sample", "--output", "streets", "--size", "64x32", "--count", "5", "--seed", "3"], FOLDER);
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

const train = (...args: string[]): Promise<CliResult> => runCli(["train", ...TINY, ...args], FOLDER);
const fileOf = (name: string): Buffer => readFileSync(join(FOLDER, name));

describe("acclimate train", () => {
  it("writes the best weights, those of each alpha and the last ones, and says so as JSON", async () => {
    const { code, stdout, stderr } = await train(
      ...DATA,
      ...[
        "--num-epochs",
        "2",
        "--validation-start",
        "1",
        "--num-alphas",
        "2",
        "--output",
        "grid.safetensors",
        "--json",
      ],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const results: TrainingResults = trainingResultsSchema.parse(JSON.parse(stdout));
    expect(results).toMatchObject({ steps: 6, resumedAt: 0, initialWeights: null });
    expect(results.epochs.map(({ epoch, scores }) => [epoch, scores.map(({ value }) => value)])).toEqual([
      [1, []],
      [2, [0, 1]],
    ]);
    expect(results.best?.miou).toBe(Math.max(...results.variants.map(({ miou }) => miou)));
    const names = [
      "grid.safetensors",
      "grid-last.safetensors",
      "grid-alpha-0.0.safetensors",
      "grid-alpha-1.0.safetensors",
    ];
    expect(
      readdirSync(FOLDER)
        .filter((name) => name.startsWith("grid"))
        .toSorted(),
    ).toEqual(names.toSorted());
    const { metadata } = await loadCheckpoint(join(FOLDER, "grid.safetensors"));
    expect(JSON.parse(String(metadata.config))).toEqual(results.config);
    expect(JSON.parse(String(metadata.data))).toMatchObject({ training: { images: 5 }, validation: { images: 5 } });
    // Checkpoints are passed on: where the images lay is the affair of the machine that trained.
    expect(JSON.stringify(metadata)).not.toContain("streets");
  });

  it("names its file by date and time where none is given, and says how long it waited for images", async () => {
    const { code, stdout } = await train(...DATA, "--num-epochs", "1");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^"checkpoints\/runs\/\d{4}(_\d\d){5}\.safetensors": epoch 1 of 1\n[\d.]+ images\/s; waited for images [\d.]+ % of the time\n$/,
    );
  });

  it("starts from the weights of another run", async () => {
    const { code, stdout } = await train(
      ...DATA,
      ...["--num-epochs", "1", "--base-lr", "0", "--initial-weights", "grid-last.safetensors"],
      ...["--output", "given.safetensors", "--json"],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout).initialWeights.path).toBe("grid-last.safetensors");
    const [given, start] = await Promise.all(
      ["given-last.safetensors", "grid-last.safetensors"].map((name) => loadCheckpoint(join(FOLDER, name))),
    );
    expect(given?.stateDict.get("cls_head.weight")?.data).toEqual(start?.stateDict.get("cls_head.weight")?.data);
  });

  it("goes on after Ctrl-C as if it had not been stopped", async () => {
    const args = [...DATA, "--num-epochs", "6", "--save-step", "1"];
    expect((await train(...args, "--output", "whole.safetensors")).code).toBe(0);
    const child = startCli(["train", ...TINY, ...args, "--output", "cut.safetensors"], FOLDER);
    const state = join(FOLDER, "cut-state.safetensors");
    // Once: a second Ctrl-C would stop it at once, without keeping anything.
    const waiting = setInterval(() => {
      if (!existsSync(state)) return;
      clearInterval(waiting);
      child.kill("SIGINT");
    }, 5);
    const { code, stderr } = await ended(child);
    clearInterval(waiting);
    expect(code).toBe(130);
    expect(stderr).toContain(
      '"cut-state.safetensors" keeps what was learnt; go on with the same options and --resume.',
    );

    const refused = await train(...args, "--output", "cut.safetensors");
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("is of an unfinished run; go on with --resume, or remove it.");
    const other = await train(...args, "--output", "cut.safetensors", "--resume", "--seed", "9");
    expect(other.stderr).toContain("is of a run whose seed is 0, not 9; go on with the same options, or start anew.");

    expect((await train(...args, "--output", "cut.safetensors", "--resume")).code).toBe(0);
    expect(fileOf("cut-last.safetensors").equals(fileOf("whole-last.safetensors"))).toBe(true);
    expect(existsSync(state)).toBe(false);
  });

  it("says what it leaves out of a known data set, and trains on the rest", async () => {
    await runCli(["sample", "--output", "damaged", "--size", "64x32", "--count", "1", "--seed", "3"], FOLDER);
    writeFileSync(join(FOLDER, "damaged", "fog", "images", "000.png"), "no image");
    const { code, stderr } = await train(
      "--dataset-root",
      "damaged",
      "--num-epochs",
      "1",
      "--output",
      "rest.safetensors",
    );
    expect(code).toBe(0);
    expect(stderr).toContain(
      '1 image such as "fog/images/000.png", or the labels, can\'t be read, and is left out: "damaged/fog/images/000.png"',
    );
  });

  it("says what is wrong before it computes anything", async () => {
    const problems: [string[], string][] = [
      [[], "Say what to train on: either --sample or --dataset-root FOLDER."],
      [[...DATA, "--momentum", "1"], "--momentum: momentum is at least 0 and below 1, not 1."],
      [[...DATA, "--resume"], "--resume: name the file of the run to go on with, with --output FILE."],
      [
        [...DATA, "--initial-weights", "nowhere.pth"],
        '"nowhere.pth" does not exist; check the path of the checkpoint.',
      ],
    ];
    for (const [args, message] of problems) {
      const { code, stderr } = await train(...args);
      expect(code).toBeGreaterThan(1);
      expect(stderr).toContain(message);
    }
  });
});
