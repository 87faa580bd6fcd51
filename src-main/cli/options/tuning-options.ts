// The options of `tune`: lists of values to try, and from them the plan of a search.

import { type Command, Option } from "commander";
import { z } from "zod";
import { type AdaptationConfig, adaptationConfigSchema } from "../../../src-shared/contract/adaptation-config.ts";
import { parameterGridSchema } from "../../../src-shared/contract/parameter-grid.ts";
import { type FrozenLayersName, parameterShape } from "../../../src-shared/contract/parameters.ts";
import {
  criterionWord,
  DEFAULT_LABEL_FREE_CRITERION,
  gridAround,
  IMAGES_OF_DOMAIN,
  TUNING_CRITERIA,
  TUNING_SEARCHES,
  type TuningPlan,
  tunedParametersSchema,
  usualSettings,
} from "../../../src-shared/contract/tuning.ts";
import { LABEL_ENCODING_CHOICES } from "../../../src-shared/labels/label-encoding-option.ts";
import {
  alphasFrom,
  alternativesFrom,
  checkedFlags,
  numberFrom,
  numbersFrom,
  numbersOrNoneFrom,
} from "./flag-values.ts";
import { addParameterOptions } from "./parameter-options.ts";
import { addRecipeOption } from "./recipe.ts";

const CRITERION_WORDS: readonly string[] = TUNING_CRITERIA.map(criterionWord);

/** The values of each parameter, as many as were given; the search begins with the first. */
const valuesSchema = z
  .object({
    alpha: z.array(parameterShape.alpha.unwrap()),
    baseLr: z.array(parameterShape.baseLr.unwrap()),
    numEpochs: z.array(parameterShape.numEpochs.unwrap()),
    threshold: z.array(parameterShape.threshold.unwrap()),
    resnetLayers: z.array(parameterShape.resnetLayers.unwrap()),
    hrnetLayers: z.array(parameterShape.hrnetLayers.unwrap()),
    vggLayers: z.array(parameterShape.vggLayers.unwrap()),
    mitLayers: z.array(parameterShape.mitLayers.unwrap()),
    scales: z.array(parameterShape.scales.unwrap()),
  })
  .partial();
export type TriedValues = z.infer<typeof valuesSchema>;

const searchFlagsSchema = z.object({
  criterion: z
    .string()
    .transform((word) => TUNING_CRITERIA.find((one) => one === word || criterionWord(one) === word))
    .pipe(z.enum(TUNING_CRITERIA))
    .optional(),
  search: z.enum(TUNING_SEARCHES).optional(),
  maxSettings: z.int("settings are whole").min(1, "there is at least 1 setting").max(1000).optional(),
  maxImages: z.int("images are whole").min(1, "there is at least 1 image").optional(),
  only: z.array(z.string().min(1)).optional(),
  labels: z.string().min(1, "name a file or folder").optional(),
  labelEncoding: z.enum(LABEL_ENCODING_CHOICES).optional(),
});
export type SearchFlags = z.infer<typeof searchFlagsSchema>;

/** Parameters that are not searched. */
const THE_SAME_FOR_ALL: readonly (keyof AdaptationConfig)[] = [
  "flips",
  "grayscale",
  "momentum",
  "weightDecay",
  "dropout",
  "seed",
];

export function addTuningOptions(command: Command): Command {
  command
    .optionsGroup("Values to try, the one to begin with first")
    .option("--alpha <list>", "shares of the image's own statistics; stored: the checkpoint's", alphasFrom("--alpha"))
    .option("--base-lr <list>", "learning rates (default: around the recipe's)", numbersFrom("--base-lr"))
    .option("--num-epochs <list>", "iterations (default: the recipe's)", numbersFrom("--num-epochs"))
    .option("--threshold <list>", "thresholds (default: the recipe's)", numbersFrom("--threshold"))
    .option(
      "--scales <lists>",
      "sizes of the views, with slashes between: 0.5,0.75/0.75,1",
      alternativesFrom(numbersFrom("--scales")),
    )
    .option(
      "--resnet-layers <lists>",
      "layers that stay as they are: none/1/1,2",
      alternativesFrom(numbersOrNoneFrom("--resnet-layers")),
    )
    .option("--hrnet-layers <lists>", "the same of an HRNet", alternativesFrom(numbersOrNoneFrom("--hrnet-layers")))
    .option("--vgg-layers <lists>", "the same of a VGG", alternativesFrom(numbersOrNoneFrom("--vgg-layers")))
    .option("--mit-layers <lists>", "the same of a transformer", alternativesFrom(numbersOrNoneFrom("--mit-layers")))
    .optionsGroup("Auto-tune (any of these asks for it; images without labels do, too)")
    .addOption(
      new Option(
        "--criterion <name>",
        `what decides (default: miou with labels, else ${criterionWord(DEFAULT_LABEL_FREE_CRITERION)})`,
      ).choices(CRITERION_WORDS),
    )
    .addOption(
      new Option(
        "--search <name>",
        "one parameter after the other, or every combination (default: successive)",
      ).choices(TUNING_SEARCHES),
    )
    .option("--max-settings <n>", "at the most (default: 24, on several images 16)", numberFrom("--max-settings"))
    .option("--max-images <n>", `of all, evenly spread (default: ${IMAGES_OF_DOMAIN})`, numberFrom("--max-images"))
    .option("--only <images...>", "just these, by their path below the folder")
    .option("--labels <path>", "ground truth: a label PNG, or a folder whose files are matched by name")
    .addOption(
      new Option("--label-encoding <name>", "what the ids in the label files mean").choices(LABEL_ENCODING_CHOICES),
    );
  addParameterOptions(addRecipeOption(command.optionsGroup("Adaptation")), adaptationConfigSchema, THE_SAME_FOR_ALL);
  return command;
}

/** @throws AppError `input.option` */
export function triedValues(values: Readonly<Record<string, unknown>>): TriedValues {
  return checkedFlags(valuesSchema, values);
}

/** @throws AppError `input.option` */
export function searchFlags(values: Readonly<Record<string, unknown>>): SearchFlags {
  return checkedFlags(searchFlagsSchema, values);
}

/** Whether something is asked for that an evaluation of every combination can't do. */
export function asksForSearch(flags: SearchFlags, tried: TriedValues): boolean {
  const { alpha, scales, resnetLayers, hrnetLayers, vggLayers, mitLayers } = tried;
  const isAsked = Object.values(flags).some((value) => value !== undefined);
  return (
    isAsked ||
    [alpha, scales, resnetLayers, hrnetLayers, vggLayers, mitLayers].some((values) => (values?.length ?? 0) > 1)
  );
}

/** Values of single parameters, as `givenParameters` takes them: of a list the one that a search begins with. */
export function firstValues(
  values: Readonly<Record<string, unknown>>,
  tried: TriedValues,
): Readonly<Record<string, unknown>> {
  const { alpha: _, numEpochs, ...others } = tried;
  const firsts = Object.entries(others).map(([name, list]) => [name, list?.[0]]);
  return {
    ...values,
    ...Object.fromEntries(firsts),
    // Fewer iterations are read off the run with the most.
    ...(numEpochs === undefined ? {} : { numEpochs: Math.max(...numEpochs) }),
  };
}

interface PlanParts {
  readonly tried: TriedValues;
  readonly flags: Pick<SearchFlags, "criterion" | "search" | "maxSettings">;
  /** Where the search begins, but for alpha. */
  readonly parameters: AdaptationConfig;
  readonly layers: FrozenLayersName;
  readonly images: number;
  readonly isLabelled: boolean;
}

/** What is not given is searched as in the window, around the recipe. @throws AppError `input.option` */
export function tuningPlan({ tried, flags, parameters, layers, images, isLabelled }: PlanParts): TuningPlan {
  const start = tunedParametersSchema.parse({ ...parameters, alpha: tried.alpha?.[0] ?? null });
  return {
    start,
    grid: checkedFlags(parameterGridSchema, { ...gridAround(start, layers), ...given(tried) }),
    search: flags.search ?? "successive",
    criterion: flags.criterion ?? (isLabelled ? "miou" : DEFAULT_LABEL_FREE_CRITERION),
    maxSettings: flags.maxSettings ?? usualSettings(images),
  };
}

function given(tried: TriedValues): TriedValues {
  return Object.fromEntries(Object.entries(tried).filter(([, values]) => values !== undefined));
}

/** What a recommendation keeps of a setting: alpha goes into the weights. */
export function adaptationOf(parameters: z.infer<typeof tunedParametersSchema>): AdaptationConfig {
  return adaptationConfigSchema.parse(parameters);
}
