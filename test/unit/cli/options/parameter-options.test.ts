// Flags made of a schema: each parameter has one, its help says the default, and what is typed comes back as the value.
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { checkedFlags } from "../../../../src-main/cli/options/flag-values.ts";
import { addParameterOptions, listFlags, nestedValues } from "../../../../src-main/cli/options/parameter-options.ts";
import { adaptationConfigSchema } from "../../../../src-shared/contract/adaptation-config.ts";
import { sourceTrainingConfigSchema } from "../../../../src-shared/contract/training/source-training.ts";

function parsed(args: readonly string[]) {
  const command = addParameterOptions(new Command("train"), sourceTrainingConfigSchema).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  const values: Record<string, unknown> = command.parse(args, { from: "user" }).opts();
  return checkedFlags(sourceTrainingConfigSchema, nestedValues(sourceTrainingConfigSchema, values));
}

describe("flags of a schema", () => {
  it("left out are the defaults", () => {
    expect(parsed([])).toEqual(sourceTrainingConfigSchema.parse({}));
  });

  it("put values where the schema has them", () => {
    const { archType, cropSize, alpha, dropout, augmentation } = parsed(
      "--arch-type hrnet18 --crop-size 64 128 --alpha 0.2 --dropout --flip 0 --crop-area 0.5,1".split(" "),
    );
    expect({ archType, cropSize, alpha, dropout }).toEqual({
      archType: "hrnet18",
      cropSize: [64, 128],
      alpha: 0.2,
      dropout: true,
    });
    expect(augmentation).toEqual({ ...sourceTrainingConfigSchema.parse({}).augmentation, flip: 0, cropArea: [0.5, 1] });
  });

  it.each([
    ["--flip 2", "--flip: a probability is 0 to 1, not 2."],
    ["--crop-size 8 64", "--crop-size: crops are 32 or more, not 8."],
    ["--blur-radius 3 1", "--blur-radius: the first number is at most the second."],
    ["--momentum x", '--momentum: "x" is not a number.'],
  ])("refuse %s in a sentence that names them", (args, sentence) => {
    expect(() => parsed(args.split(" "))).toThrow(sentence);
  });

  it("say in the help what they do, and the default", () => {
    const help = addParameterOptions(new Command("train"), sourceTrainingConfigSchema).helpInformation();
    expect(help.replace(/\s+/g, " ")).toContain(
      "--momentum <n> momentum of stochastic gradient descent (default: 0.9)",
    );
    expect(help.replace(/\s+/g, " ")).toContain("fewer take less memory (default: all)");
    expect(help.replace(/\s+/g, " ")).toContain("--crop-area <numbers...>");
  });

  it("of what is on have one for off, too; lists are told apart", () => {
    const command = addParameterOptions(new Command("tta"), adaptationConfigSchema, ["flips", "scales", "dropout"]);
    expect(command.options.map(({ long }) => long)).toEqual(["--scales", "--flips", "--no-flips", "--dropout"]);
    expect(listFlags(adaptationConfigSchema)).toEqual([
      "--scales",
      "--resnet-layers",
      "--hrnet-layers",
      "--vgg-layers",
      "--mit-layers",
    ]);
  });
});
