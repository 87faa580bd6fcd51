// The copied command lines of evaluations, trainings and tunings, read back by the real parser: they mean what they were copied from.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateFlagsSchema } from "../../../../src-main/cli/commands/evaluate.ts";
import type { CliContext } from "../../../../src-main/cli/context.ts";
import { checkedFlags, joinNumberLists } from "../../../../src-main/cli/options/flag-values.ts";
import { NUMBER_LIST_FLAGS } from "../../../../src-main/cli/options/run-options.ts";
import { trainingFlagsSchema } from "../../../../src-main/cli/options/training-options.ts";
import {
  asksForSearch,
  firstValues,
  searchFlags,
  triedValues,
  tuningPlan,
} from "../../../../src-main/cli/options/tuning-options.ts";
import { createProgram } from "../../../../src-main/cli/program.ts";
import { dataChoices } from "../../../../src-main/cli/run/training-data.ts";
import { evaluationCommand } from "../../../../src-main/server/services/evaluation-command.ts";
import { trainingCommand } from "../../../../src-main/server/services/training-command.ts";
import { tuningCommand } from "../../../../src-main/server/services/tuning-command.ts";
import { adaptationConfigSchema } from "../../../../src-shared/contract/adaptation-config.ts";
import { evaluationConfigSchema, evaluationParametersSchema } from "../../../../src-shared/contract/evaluation.ts";
import { axisValues } from "../../../../src-shared/contract/parameter-grid.ts";
import { VARIED_PARAMETERS } from "../../../../src-shared/contract/parameters.ts";
import { daSacConfigSchema } from "../../../../src-shared/contract/training/da-sac.ts";
import {
  augmentationConfigSchema,
  sourceTrainingConfigSchema,
} from "../../../../src-shared/contract/training/source-training.ts";
import { TUNING_CRITERIA, type TuningPlan, tuningPlanSchema } from "../../../../src-shared/contract/tuning.ts";
import type { DatasetId, TuningId } from "../../../../src-shared/contract/workbench/ids.ts";
import { machineSchema } from "../../../../src-shared/contract/workbench/runs.ts";
import type { Training } from "../../../../src-shared/contract/workbench/trainings.ts";
import { shellWords } from "../../../helpers/shell-words.ts";
import { windowConfigs } from "../../../helpers/window-configs.ts";
import { anEvaluation, aTraining } from "../../../helpers/workbench-entities.ts";

/** What the command would be given. */
function parsed(line: string): { name: string; args: readonly string[]; values: Record<string, unknown> } {
  const context = { terminal: { columns: 80 }, version: "1.2.3" } as unknown as CliContext; // nothing else is asked for
  const [, name = "", ...words] = shellWords(line);
  const command = createProgram(context).commands.find((one) => one.name() === name);
  if (command === undefined) throw new Error(`there is no command "${name}"`);
  command.action(() => undefined).parse(joinNumberLists(words, NUMBER_LIST_FLAGS), { from: "user" });
  return { name, args: command.args, values: command.opts() };
}

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe("the command line of an evaluation", () => {
  const files = { dataset: "/data/city 1", layout: "cityscapes", checkpoint: "/models/it's.pth" };
  const config = fc.record({
    method: fc.constant("adapt"),
    alpha: fc.option(number(0, 1)),
    scales: fc.array(number(0.01, 4), { minLength: 1, maxLength: 5 }),
    flips: fc.boolean(),
    grayscale: fc.boolean(),
    threshold: number(0, 1),
    numEpochs: fc.nat(500),
    resnetLayers: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
    dropout: fc.boolean(),
    carryVelocity: fc.boolean(),
  });

  it("is read back as the same parameters, whatever they are", () => {
    fc.assert(
      fc.property(config, windowConfigs, (different, window) => {
        const given = evaluationConfigSchema.parse({ ...different, ...window });
        const evaluation = anEvaluation({ split: "val", config: given });
        const { name, args, values } = parsed(evaluationCommand(evaluation, files, null, "linux"));
        expect([name, args]).toEqual(["evaluate", [files.dataset]]);
        const flags = checkedFlags(evaluationParametersSchema, { ...values, alpha: values.alpha ?? null });
        expect(evaluationConfigSchema.parse(flags)).toEqual(evaluation.config);
        expect(checkedFlags(evaluateFlagsSchema, values)).toMatchObject({
          checkpoint: files.checkpoint,
          layout: "cityscapes",
          split: "val",
          savePredictions: true,
        });
      }),
      { numRuns: 20 },
    );
  });

  it("has of another method only its own parameters, and says what it ran on", () => {
    const machine = machineSchema.parse({ provider: "auto" });
    const evaluation = anEvaluation({
      config: evaluationConfigSchema.parse({ method: "mc-dropout", passes: 4 }),
      machine,
    });
    const ranOn = { runtime: "onnx", provider: "cpu", threads: 3 };
    expect(evaluationCommand(evaluation, files, ranOn, "linux")).toBe(
      `acclimate evaluate '/data/city 1' --layout cityscapes --checkpoint '/models/it'\\''s.pth' --method mc-dropout --passes 4 --seed 0 ` +
        `--runtime onnx --provider cpu --threads 3 --save-predictions --output acclimate-evaluation-${evaluation.id.slice(0, 8)}`,
    );
  });
});

describe("the command line of a training", () => {
  const dataset = (split: string | null): Training["data"] => ({ kind: "dataset", datasetId: "d" as DatasetId, split });
  const files = {
    folderOf: () => "/data/streets",
    initialWeights: "/models/resnet.pth",
    labelFolder: null,
    output: "street.safetensors",
  };
  const choicesOf = (training: Training) =>
    dataChoices(checkedFlags(trainingFlagsSchema, parsed(trainingCommand(training, files, "linux")).values), {
      name: training.config.method,
      hasTarget: training.target !== null,
    });
  const config = fc.record({
    archType: fc.constantFrom("deeplab", "deeplabv3plus", "hrnet18"),
    width: fc.integer({ min: 4, max: 256 }),
    dropout: fc.boolean(),
    alpha: fc.option(number(0, 1)),
    numAlphas: fc.integer({ min: 1, max: 101 }),
    baseLr: number(0, 10),
    lrScheduler: fc.constantFrom("poly", "constant"),
    ema: number(0, 0.99),
    microBatchSize: fc.option(fc.integer({ min: 1, max: 9 })),
    cropSize: fc.tuple(fc.integer({ min: 32, max: 900 }), fc.integer({ min: 32, max: 900 })),
    saveStep: fc.nat(1000),
    seed: fc.nat(),
    augmentation: fc.record({ flip: number(0, 1), blurRadius: fc.tuple(number(0, 1), number(1, 9)) }),
  });

  it("is read back as the same parameters, whatever they are", () => {
    fc.assert(
      fc.property(config, (different) => {
        const training = aTraining({ config: sourceTrainingConfigSchema.parse(different) });
        const { name, values } = parsed(trainingCommand(training, files, "linux"));
        expect(name).toBe("train");
        const augmentation = checkedFlags(augmentationConfigSchema, values);
        expect(checkedFlags(sourceTrainingConfigSchema, { ...values, augmentation })).toEqual(training.config);
        expect(checkedFlags(trainingFlagsSchema, values)).toMatchObject({
          initialWeights: "/models/resnet.pth",
          output: "street.safetensors",
        });
      }),
      { numRuns: 20 },
    );
  });

  it.each<[Training["data"], Training["validation"]]>([
    [{ kind: "sample", count: 30 }, null],
    [
      { kind: "sample", count: 30 },
      { kind: "sample", count: 4, domains: ["night", "rain"] },
    ],
    [{ kind: "sample", count: 30 }, dataset("val")],
    [dataset("train"), null],
    [dataset(null), { kind: "sample", count: 4 }],
    [dataset("day"), dataset(null)],
  ])("learns from and validates on the same: %j, %j", (data, validation) => {
    const choice = (chosen: Training["data"]) =>
      chosen.kind === "sample" ? chosen : { kind: "folder", root: "/data/streets", split: chosen.split };
    const targets: Training["target"][] = [
      null,
      dataset("day"),
      dataset(null),
      { kind: "sample", count: 9, domains: ["fog"] },
    ];
    for (const target of targets) {
      expect(choicesOf(aTraining({ data, target, validation }))).toEqual({
        training: choice(data),
        target: target === null ? null : choice(target),
        validation: validation === null ? null : choice(validation),
      });
    }
  });

  it.each([null, "count", "/data/weights of streets.data"])("draws target images likewise: %j", (importanceWeights) => {
    const training = aTraining({ target: dataset("day"), importanceWeights, config: daSacConfigSchema.parse({}) });
    const { values } = parsed(trainingCommand(training, files, "linux"));
    expect(values.importanceWeights ?? null).toBe(importanceWeights);
  });
});

describe("the command line of a tuning", () => {
  const files = { dataset: "/data/city 1", layout: "cityscapes", keys: ["a/it's.png", "b.png"], checkpoint: "/m.pth" };
  const layers = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 4 });
  const scales = fc.array(number(0.01, 4), { minLength: 1, maxLength: 3 });
  const axis = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { minLength: 1, maxLength: 6 });
  const plans = fc.record({
    start: fc.record({
      alpha: fc.option(number(0, 1)),
      baseLr: number(0, 1),
      numEpochs: fc.integer({ min: 1, max: 20 }),
      scales,
      resnetLayers: layers,
      grayscale: fc.boolean(),
      dropout: fc.boolean(),
    }),
    grid: fc.record(
      {
        alpha: axis(fc.option(number(0, 1))),
        baseLr: axis(number(0, 1)),
        numEpochs: axis(fc.integer({ min: 1, max: 20 })),
        threshold: axis(number(0, 1)),
        resnetLayers: axis(layers),
        scales: axis(scales),
      },
      { requiredKeys: [] },
    ),
    search: fc.constantFrom("successive", "grid"),
    criterion: fc.constantFrom(...TUNING_CRITERIA),
    maxSettings: fc.integer({ min: 1, max: 1000 }),
  });
  /** Values that are tried, however the plan says so. */
  const triedOf = ({ grid, start }: TuningPlan) =>
    Object.fromEntries(
      VARIED_PARAMETERS.map((name) => [name, axisValues({ [name]: [...(grid[name] ?? []), start[name]] }, name)]),
    );

  it("is read back as the same search, whatever it is over", () => {
    fc.assert(
      fc.property(plans, (different) => {
        const plan = tuningPlanSchema.parse(different);
        const { numEpochs } = plan.start;
        const looks = plan.grid.numEpochs ?? Array.from({ length: numEpochs }, (_, index) => index + 1);
        const meant = { ...plan, grid: { ...plan.grid, numEpochs: looks.filter((count) => count <= numEpochs) } };
        const tuning = { id: "0123456789" as TuningId, plan, machine: machineSchema.parse({}) };
        const { name, args, values } = parsed(tuningCommand(tuning, files, "linux"));
        expect([name, args]).toEqual(["tune", [files.dataset]]);
        const tried = triedValues(values);
        const flags = searchFlags(values);
        expect(flags.only).toEqual(files.keys);
        expect(asksForSearch(flags, tried)).toBe(true);
        const parameters = adaptationConfigSchema.parse(firstValues(values, tried));
        const read = tuningPlan({ tried, flags, parameters, layers: "resnetLayers", images: 2, isLabelled: true });
        expect({ ...read, grid: triedOf(read) }).toEqual({ ...plan, grid: triedOf(meant) });
      }),
      { numRuns: 30 },
    );
  });

  it("is refused for a search that the command line doesn't have", () => {
    const plan = tuningPlanSchema.parse({ start: {}, grid: { momentum: [0, 0.9] }, criterion: "entropy" });
    const tuning = { id: "0123456789" as TuningId, plan, machine: machineSchema.parse({}) };
    expect(() => tuningCommand(tuning, files, "linux")).toThrow('can\'t search over "Momentum"');
  });
});
