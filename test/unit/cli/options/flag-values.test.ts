// Text behind flags.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  checkedFlags,
  flagOf,
  joinNumberLists,
  numberFrom,
  numbersFrom,
  numbersOrNoneFrom,
  sizeFrom,
} from "../../../../src-main/cli/options/flag-values.ts";
import { runFlagsSchema } from "../../../../src-main/cli/options/run-options.ts";
import { adaptationConfigSchema } from "../../../../src-shared/contract/adaptation-config.ts";

describe("numbers", () => {
  it.each([
    ["0.5", 0.5],
    ["-1", -1],
    [" 1e-3 ", 0.001],
    [".25", 0.25],
    ["2.", 2],
  ])("%j is %d", (text, value) => {
    expect(numberFrom("--x")(text)).toBe(value);
  });

  it.each(["", "NaN", "Infinity", "1e999", "0x10", "half", "1,5", "1_000"])("%j is none", (text) => {
    expect(() => numberFrom("--x")(text)).toThrow(`--x: "${text}" is not a number.`);
  });

  it("stand in lists with commas or spaces between", () => {
    expect(numbersFrom("--x")("0.25,0.5  0.75")).toEqual([0.25, 0.5, 0.75]);
    expect(() => numbersFrom("--x")(" , ")).toThrow("--x: the list is empty");
    expect(numbersOrNoneFrom("--x")("none")).toEqual([]);
  });

  it("make sizes", () => {
    expect(sizeFrom("--size")("512x256")).toEqual({ width: 512, height: 256 });
    expect(() => sizeFrom("--size")("512")).toThrow('--size: "512" is no size');
  });
});

describe("checkedFlags", () => {
  it("fills in the published recipe", () => {
    expect(checkedFlags(adaptationConfigSchema, {})).toEqual({
      scales: [0.25, 0.5, 0.75],
      flips: true,
      grayscale: true,
      threshold: 0.7,
      baseLr: 0.05,
      weightDecay: 0,
      momentum: 0,
      numEpochs: 10,
      resnetLayers: [1, 2],
      hrnetLayers: [1, 2],
      vggLayers: [1, 2, 3],
      mitLayers: [1, 2],
      dropout: false,
      seed: 0,
      carryVelocity: false,
      window: [],
      overlap: 128,
    });
  });

  it.each([
    [{ baseLr: -1 }, "--base-lr: the learning rate is 0 or more, not -1."],
    [{ scales: [0.5, 0] }, "--scales: every scale is a number above 0, such as 0.5, not 0."],
    [{ scales: [] }, "--scales: give at least one scale, such as 0.5."],
    [{ momentum: 1 }, "--momentum: momentum is at least 0 and below 1, not 1."],
  ])("refuses %j by its flag", (values, message) => {
    expect(() => checkedFlags(adaptationConfigSchema, values)).toThrow(
      expect.objectContaining({ code: "input.option", message }),
    );
  });

  it("names the flag of a nested value, and quotes text", () => {
    expect(() => checkedFlags(runFlagsSchema, { sample: ["fog", "snow"] })).toThrow(
      '--sample: the domains are clear, fog, night, rain, not "snow".',
    );
    expect(() => checkedFlags(z.object({ size: z.int("whole") }), { size: 0.5 })).toThrow("--size: whole, not 0.5.");
    const sized = z.object({ size: z.object({ width: z.int("whole"), height: z.int() }) });
    expect(() => checkedFlags(sized, { size: { width: 0.5, height: 1 } })).toThrow("--size: whole, not 0.5.");
    expect(() => checkedFlags(z.object({ width: z.int("whole") }), { width: 0.5 })).toThrow("--width: whole, not 0.5.");
  });

  it("takes --sample alone for the domains to adapt to", () => {
    expect(checkedFlags(runFlagsSchema, { sample: true }).sample).toEqual(["fog", "night", "rain"]);
    expect(checkedFlags(runFlagsSchema, {}).sample).toBeUndefined();
  });
});

it("writes a parameter's name as its flag", () => {
  expect(["baseLr", "numEpochs", "scales"].map(flagOf)).toEqual(["--base-lr", "--num-epochs", "--scales"]);
});

describe("joinNumberLists", () => {
  it.each([
    ["--scales 0.25 0.5 street.png", "--scales 0.25,0.5 street.png"],
    ["--scales 0.25,0.5 0.75 --flips", "--scales 0.25,0.5,0.75 --flips"],
    ["--scales -1 2", "--scales -1,2"],
    ["--threshold 0.5 0.6", "--threshold 0.5 0.6"],
    ["1 2 --scales", "1 2 --scales"],
    ["--resnet-layers none --scales 1", "--resnet-layers none --scales 1"],
    ["--resnet-layers 1 2 --scales 1 2 3", "--resnet-layers 1,2 --scales 1,2,3"],
  ])("%s", (args, joined) => {
    expect(joinNumberLists(args.split(" "), ["--scales", "--resnet-layers"])).toEqual(joined.split(" "));
  });
});
