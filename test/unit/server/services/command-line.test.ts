// The copied command line, read back by the real parser: it means the run it was copied from.

import { Command } from "commander";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkedFlags, joinNumberLists } from "../../../../src-main/cli/options/flag-values.ts";
import { givenParameters, parametersFor } from "../../../../src-main/cli/options/recipe.ts";
import {
  addAdaptationOptions,
  addInputOptions,
  addMachineOptions,
  addOutputOptions,
  addViewOptions,
  NUMBER_LIST_FLAGS,
  runFlagsSchema,
} from "../../../../src-main/cli/options/run-options.ts";
import { checkedWindow } from "../../../../src-main/cli/options/window-options.ts";
import { commandLine } from "../../../../src-main/server/services/command-line.ts";
import { newRun } from "../../../../src-main/server/services/new-runs.ts";
import { adaptationConfigSchema, viewsConfigSchema } from "../../../../src-shared/contract/adaptation-config.ts";
import { machineSchema, type Run, runConfigFormSchema } from "../../../../src-shared/contract/workbench/runs.ts";
import { shellWords } from "../../../helpers/shell-words.ts";
import { windowConfigs } from "../../../helpers/window-configs.ts";

function runOf(config: object, machine: object = {}): Run {
  const ids = { id: "0".repeat(30), datasetId: "1".repeat(30), key: "night.png" };
  const checkpoint = { id: "2".repeat(30), name: "model", numClasses: 19 };
  return newRun({
    image: ids as Run["image"],
    checkpoint: checkpoint as never, // of a checkpoint only these are used
    config: runConfigFormSchema.parse(config),
    machine: machineSchema.parse(machine),
    groupId: null,
    createdAt: 0,
  });
}

const FILES = { image: "/data/night.png", checkpoint: "/models/model.pth", labels: null };

/** What the command line's own parser makes of it. */
function parsed(line: string) {
  const [program, method, ...args] = shellWords(line);
  const command = new Command().exitOverride();
  for (const add of [addInputOptions, addViewOptions, addAdaptationOptions, addOutputOptions, addMachineOptions]) {
    add(command);
  }
  command.parse(joinNumberLists(args, NUMBER_LIST_FLAGS), { from: "user" });
  const values = command.opts();
  return {
    program,
    method,
    images: command.args,
    flags: checkedFlags(runFlagsSchema, values),
    views: checkedFlags(viewsConfigSchema, values),
    adaptation: checkedFlags(adaptationConfigSchema, values),
    values,
  };
}

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const layers = (max: number) => fc.uniqueArray(fc.integer({ min: 1, max }), { maxLength: max });
const configs = fc.record({
  scales: fc.array(number(0.01, 4), { minLength: 1, maxLength: 5 }),
  flips: fc.boolean(),
  grayscale: fc.boolean(),
  threshold: number(0, 1),
  baseLr: number(0, 10),
  weightDecay: number(0, 1),
  momentum: number(0, 0.99),
  numEpochs: fc.nat(500),
  resnetLayers: layers(4),
  hrnetLayers: layers(3),
  vggLayers: layers(5),
  mitLayers: layers(4),
  dropout: fc.boolean(),
  seed: fc.nat(),
  carryVelocity: fc.boolean(),
  alpha: fc.option(number(0, 1)),
});

describe("the command line of a run", () => {
  it("is read back as the same parameters, whatever they are", () => {
    fc.assert(
      fc.property(configs, windowConfigs, (config, window) => {
        const run = runOf({ method: "adapt", ...config, ...window });
        const { program, method, images, flags, adaptation } = parsed(commandLine(run, FILES, "linux"));
        expect([program, method, images]).toEqual(["acclimate", "adapt", ["/data/night.png"]]);
        expect(adaptation).toEqual(adaptationConfigSchema.parse(run.config));
        expect(flags.alpha ?? null).toBe(run.config.alpha);
        expect(flags.checkpoint).toBe("/models/model.pth");
      }),
    );
  });

  it("means the same with a checkpoint that recommends everything otherwise", () => {
    const recommended = {
      method: "self-adaptation",
      parameters: { dropout: true, carryVelocity: true },
      foundOn: "Here.",
    };
    const metadata = { recommended: JSON.stringify(recommended) };
    const read = { metadata, summary: { path: "/models/model.pth" } } as never; // the rest is not looked at
    fc.assert(
      fc.property(configs, windowConfigs, (config, window) => {
        const run = runOf({ method: "adapt", ...config, ...window });
        const { flags, values } = parsed(commandLine(run, FILES, "linux"));
        const { parameters } = parametersFor(flags.recipe, givenParameters(values), read);
        expect(parameters).toEqual(adaptationConfigSchema.parse(run.config));
      }),
    );
  });

  it("of test-time augmentation has its views, of plain inference nothing", () => {
    const tta = runOf({ method: "tta", scales: [0.5, 1], flips: false });
    expect(parsed(commandLine(tta, FILES, "linux")).views).toEqual({ scales: [0.5, 1], flips: false, grayscale: true });
    const line = "acclimate predict /data/night.png --checkpoint /models/model.pth --runtime auto --provider auto";
    expect(commandLine(runOf({ method: "predict" }), FILES, "linux")).toBe(line);
  });

  it.each(["predict", "tta"] as const)("of %s has the window, if there is one", (method) => {
    fc.assert(
      fc.property(windowConfigs, (window) => {
        const { values } = parsed(commandLine(runOf({ method, ...window }), FILES, "linux"));
        expect(checkedWindow(values)).toEqual(window);
      }),
      { numRuns: 20 },
    );
    const line = commandLine(runOf({ method, window: [512, 1024], overlap: 64 }), FILES, "linux");
    expect(line).toContain(" --window 512x1024 --overlap 64 ");
  });

  it("names what it ran on, once that is known", () => {
    const known = { acclimate: "1", checkpointSha256: "", imageSha256: "", machine: "" };
    const provenance = { ...known, runtime: "onnx", provider: "cpu", threads: 2 };
    const { flags } = parsed(commandLine({ ...runOf({}), provenance }, FILES, "linux"));
    expect(flags).toMatchObject({ runtime: "onnx", provider: "cpu", threads: 2 });
    const javascript = { ...known, runtime: "tfjs", provider: "javascript", threads: 0 };
    expect(parsed(commandLine({ ...runOf({}), provenance: javascript }, FILES, "linux")).flags).toMatchObject({
      runtime: "tfjs",
      provider: "auto",
    });
  });

  it("quotes names so that a shell gives them back, whatever is in them", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const image = `/data/${name.replaceAll("\0", "")}.png`;
        expect(parsed(commandLine(runOf({}), { ...FILES, image }, "linux")).images).toEqual([image]);
      }),
    );
  });

  it("brings the labels with their encoding", () => {
    const labels = { path: "/data/night labels.png", encoding: "cityscapes" } as const;
    const { flags } = parsed(commandLine(runOf({}), { ...FILES, labels }, "linux"));
    expect(flags).toMatchObject({ labels: labels.path, labelEncoding: "cityscapes" });
    const other = { ...labels, encoding: "iddIds" } as const;
    expect(parsed(commandLine(runOf({}), { ...FILES, labels: other }, "linux")).flags.labelEncoding).toBe("iddIds");
  });

  it("quotes for Windows with double quotes", () => {
    const files = { ...FILES, image: "C:\\my images\\night.png" };
    expect(commandLine(runOf({ method: "predict" }), files, "win32")).toContain('"C:\\my images\\night.png"');
  });
});
