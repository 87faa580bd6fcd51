// `acclimate pseudo-labels` and `acclimate hard-patches`: CROTS's two steps that run a source model, or take somebody's predictions,
// over all target images. Source of names: spec of CROTS, "13. Command line".
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import { labelSetFor } from "../../../src-shared/labels/label-sets.ts";
import { listImageFolder, readImageFiles } from "../../engine/datasets/image-folder.ts";
import { GIVEN_EXTENSIONS, givenLabels } from "../../engine/methods/crots/given-labels.ts";
import { rareClassesOf } from "../../engine/methods/crots/hard-patches.ts";
import { imagesOfList } from "../../engine/methods/crots/image-list.ts";
import { type LabelTargetRequest, labelTarget } from "../../engine/methods/crots/label-target.ts";
import { predictedLabels } from "../../engine/methods/crots/predicted-labels.ts";
import { filesOfImages, namesBelowCommon } from "../../engine/methods/crots/target-names.ts";
import { inputErrorFrom } from "../../files/read-input-file.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import { openModel } from "../open-model.ts";
import { checkedFlags, numberFrom, sizeFrom } from "../options/flag-values.ts";
import { addMachineOptions, runFlagsSchema } from "../options/run-options.ts";
import { prepareOutputFolder } from "../run/output-folder.ts";
import { countText } from "../terminal/format.ts";

const ABOUT_LABELS = `Writes pseudo-labels of target images, for CROTS's stage 1: what a source-only checkpoint predicts for each image and its
mirror image, without any image of the source. Where the source model can't be had, --predictions names a folder of what
it predicted: class maps (PNG of train ids) or probabilities (.npy).

The released code labels every pixel. --class-share 0.5 keeps of each class the half that is surest, and ignores the rest.
What is done is not done again: after Ctrl-C the same command goes on.`;

const ABOUT_PATCHES = `Cuts target images into 4 x 4 patches and keeps those that hold a rare class, with their labels, for CROTS's stage 2. Labels are
what a source-only checkpoint predicts, or --predictions, such as the pseudo-labels of stage 1.

What is done is not done again: after Ctrl-C the same command goes on.`;

const flagsSchema = runFlagsSchema.pick({ numClasses: true, runtime: true, provider: true, threads: true }).extend({
  dataDir: z.string().min(1, "name a folder").optional(),
  dataList: z.string().min(1, "name a file").optional(),
  split: z.string().min(1, "name a split").optional(),
  restoreFrom: z.string().min(1, "name a checkpoint").optional(),
  predictions: z.string().min(1, "name a folder").optional(),
  save: z.string().min(1, "name a folder"),
  size: z.object({ width: z.int().min(32), height: z.int().min(32) }).default({ width: 1024, height: 512 }),
  classShare: z.number().gt(0, "the share is above 0").max(1, "the share is at most 1").optional(),
  rareClasses: z.string().default("synthia"),
});
type Flags = z.infer<typeof flagsSchema>;

const DEFAULT_CLASSES = 19;
const ALL_IMAGES = "all";

export function pseudoLabelsCommand(program: Command, context: CliContext): void {
  const command = program
    .command("pseudo-labels")
    .summary("label target images by a source model (CROTS)")
    .description(paragraphs(ABOUT_LABELS));
  addOptions(command, "./experiments/gta5_pseudo_label");
  command.option(
    "--class-share <p>",
    "keep this share of each class, the surest (default: every pixel)",
    numberFrom("--class-share"),
  );
  addMachineOptions(command);
  examples(command, [
    ["acclimate pseudo-labels cityscapes --restore-from gta5_only.pth --save pseudo", ""],
    [
      "acclimate pseudo-labels cityscapes --predictions theirs/ --save pseudo",
      "a source model that can't leave its owner",
    ],
  ]);
  command.action(async (folder: string | undefined, values: Record<string, unknown>) => {
    const flags = checkedFlags(flagsSchema, values);
    const { images } = await labelled(folder, flags, "pseudoLabels", context);
    context.terminal.print(`"${join(flags.save, "label_ids")}": labels of ${countText(images, "image")}.`);
  });
}

export function hardPatchesCommand(program: Command, context: CliContext): void {
  const command = program
    .command("hard-patches")
    .summary("cut patches with rare classes out of target images (CROTS)")
    .description(paragraphs(ABOUT_PATCHES));
  addOptions(command, "./experiments/hard_patch_from_src_model");
  command.option(
    "--rare-classes <ids>",
    "synthia (6,7,12,17,18), gta5 (16, too), or train ids such as 6,7,12",
    "synthia",
  );
  addMachineOptions(command);
  examples(command, [
    ["acclimate hard-patches cityscapes --restore-from gta5_only.pth --rare-classes gta5 --save patches", ""],
    ["acclimate hard-patches cityscapes --predictions pseudo --save patches", "of labels that are there already"],
  ]);
  command.action(async (folder: string | undefined, values: Record<string, unknown>) => {
    const flags = checkedFlags(flagsSchema, values);
    const { images, patches } = await labelled(folder, flags, "hardPatches", context);
    if (patches === 0) {
      throw new AppError(
        "input.option",
        `No patch of ${countText(images, "image")} has a pixel of the rare classes; name others with --rare-classes, or train with --hard-patches-root none.`,
      );
    }
    context.terminal.print(
      `"${flags.save}": ${countText(patches, "patch", "patches")} of ${countText(images, "image")}.`,
    );
  });
}

function addOptions(command: Command, save: string): void {
  command
    .argument("[folder]", "the target: a data set's folder, or one of images; labels are not looked at")
    .option("--split <name>", "of the data set; all: every image (default: train, where it has splits)")
    .option(
      "--data-dir <folder>",
      "in place of the folder, with --data-list: Cityscapes, or what holds the listed images",
    )
    .option("--data-list <file>", "the images, one a line, as aachen/aachen_000000_000019_leftImg8bit.png")
    .option("--restore-from <file>", "the source-only checkpoint")
    .option(
      "--predictions <folder>",
      "in place of a checkpoint: class maps (.png) or probabilities (.npy) of the images",
    )
    .option(
      "--num-classes <n>",
      "of predictions (default: 19), or refuse another checkpoint",
      numberFrom("--num-classes"),
    )
    .option("--size <WxH>", "that images are resized to (default: 1024x512)", sizeFrom("--size"))
    .option("--save <folder>", "where the files go", save);
}

async function labelled(
  folder: string | undefined,
  flags: Flags,
  kind: "pseudoLabels" | "hardPatches",
  context: CliContext,
): Promise<{ readonly images: number; readonly patches: number }> {
  const { terminal, signal } = context;
  if ((flags.restoreFrom === undefined) === (flags.predictions === undefined)) {
    throw new AppError(
      "input.option",
      "Say who labels the images: either --restore-from FILE or --predictions FOLDER.",
    );
  }
  const { paths, names } = await targetImages(folder, flags);
  const save = resolve(flags.save);
  await prepareOutputFolder(save, "label_ids");
  const labeller = await openLabeller(names, flags, context);
  try {
    const { numClasses } = labeller;
    const { patches } = await labelTarget(
      {
        images: readImageFiles(paths),
        names,
        label: labeller.label,
        size: sizeOf(flags),
        palette: labelSetFor(numClasses).palette,
        folders: { pseudoLabels: null, hardPatches: null, [kind]: save },
        rareClasses: rareClassesOf(flags.rareClasses, numClasses),
        classShare: flags.classShare ?? null,
        settings: labeller.settings,
      },
      {
        signal,
        onImage: (done, images) => terminal.progress(`labelling ${done}/${images}`),
        onNotice: (message) => terminal.notice(message),
      },
    );
    return { images: names.length, patches };
  } catch (error) {
    if (error instanceof CancelledError) terminal.notice("What is done is kept; the same command goes on.");
    throw error;
  } finally {
    terminal.clearProgress();
    await labeller.dispose();
  }
}

function sizeOf({ size: { width, height } }: Flags): readonly [number, number] {
  return [height, width];
}

/** Files with their names. */
async function targetImages(folder: string | undefined, { dataDir, dataList, split }: Flags) {
  if (dataList !== undefined && folder === undefined) {
    const text = await readFile(dataList, "utf8").catch((error: unknown) => {
      throw inputErrorFrom(dataList, error);
    });
    return imagesOfList(text, dataDir ?? ".", dataList);
  }
  const root = folder ?? dataDir;
  if (root === undefined || (folder !== undefined && dataDir !== undefined)) {
    throw new AppError(
      "input.option",
      "Say which images to label: either a folder, or --data-dir FOLDER with --data-list FILE.",
    );
  }
  const choice =
    split === undefined
      ? ({ split: "train", otherwise: "all" } as const)
      : { split: split === ALL_IMAGES ? null : split };
  const paths = await listImageFolder(root, choice);
  return { paths, names: namesBelowCommon(paths.map((path) => resolve(path))) };
}

interface Labeller extends Pick<LabelTargetRequest, "label" | "settings"> {
  readonly numClasses: number;
  readonly dispose: () => Promise<void>;
}

/** White-box by a checkpoint, black-box by what somebody predicted. Source: spec "14. Black-box versus white-box". */
async function openLabeller(
  names: readonly string[],
  flags: Flags,
  { terminal }: Pick<CliContext, "terminal">,
): Promise<Labeller> {
  const size = sizeOf(flags);
  const { restoreFrom, predictions } = flags;
  if (restoreFrom !== undefined) {
    const { model, read } = await openModel(
      restoreFrom,
      { ...flags, weights: undefined, alpha: undefined, labelSet: undefined },
      terminal,
    );
    const { numClasses } = model.architecture;
    return {
      numClasses,
      label: (image) => predictedLabels(model, image, size),
      settings: { checkpoint: read.summary.sha256, numClasses },
      dispose: async () => {
        await model.dispose();
        await model.runtime.dispose();
      },
    };
  }
  const { numClasses = DEFAULT_CLASSES } = flags;
  const files = await filesOfImages(resolve(predictions ?? ""), names, GIVEN_EXTENSIONS, "predictions");
  const folder = createHash("sha256")
    .update(resolve(predictions ?? ""))
    .digest("hex");
  return {
    numClasses,
    label: (image, index) => givenLabels(files[index] ?? "", image, size, numClasses),
    settings: { predictions: folder, numClasses },
    dispose: () => Promise.resolve(),
  };
}
