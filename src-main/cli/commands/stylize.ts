// `acclimate stylize`: images in the style of another, as condition-invariant training sees them.
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { z } from "zod";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import { BETA_BELOW, betaSchema, DEFAULT_BETA, STYLES, type Style } from "../../../src-shared/contract/style.ts";
import { decodeImage } from "../../engine/images/decode-image.ts";
import { encodeRgbPng } from "../../engine/images/encode-png.ts";
import { bytesOf } from "../../engine/images/float-picture.ts";
import type { RgbImage } from "../../engine/images/rgb-image.ts";
import { fittedTo, stylized } from "../../engine/images/stylize.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import type { RunInput } from "../inputs/run-input.ts";
import { runInputs } from "../inputs/run-inputs.ts";
import { checkedFlags, numberFrom } from "../options/flag-values.ts";
import { createFolder } from "../run/output-folder.ts";
import { countText } from "../terminal/format.ts";

const ABOUT = `Writes each image in the style of another, as a PNG file of its own size: what it shows stays, light and colours become the
other's.

"fourier" takes the low amplitudes of the other's Fourier transform, of which it cuts the middle to the image's proportions and size;
"reinhard" mean and deviation of its colours. Training computes with unrounded values; the files are rounded and clipped to 0..255.`;

const flagsSchema = z.object({
  target: z.string("name the image whose style is taken").min(1, "name the image whose style is taken"),
  style: z.enum(STYLES).default("fourier"),
  beta: betaSchema.optional(),
  output: z.string("name the folder to write to").min(1, "name the folder to write to"),
});

export function stylizeCommand(program: Command, context: CliContext): void {
  const command = program
    .command("stylize")
    .summary("write images in the style of another image")
    .description(paragraphs(ABOUT))
    .argument("[images...]", "image files, or folders that are searched for them")
    .option("--target <image>", "the image whose style is taken")
    .addOption(new Option("--style <name>", "which part of it").choices(STYLES).default("fourier"))
    .option(
      "--beta <share>",
      `of the shorter side: how many low frequencies on either side of the mean, 0 to less than ${BETA_BELOW}; ` +
        `of "fourier" alone (default: ${DEFAULT_BETA})`,
      numberFrom("--beta"),
    )
    .option("--output <folder>", "where the images go");
  examples(command, [
    ["acclimate stylize day.png --target night.png --output stylized", ""],
    [
      "acclimate stylize leftImg8bit/train --target night.png --beta 0.05 --output stylized",
      "more of the other's light",
    ],
    ["acclimate stylize day.png --target night.png --style reinhard --output stylized", ""],
  ]);
  command.action((images: string[], values: Record<string, unknown>) => stylize(images, values, context));
}

async function stylize(paths: string[], values: Record<string, unknown>, context: CliContext): Promise<void> {
  const { terminal, signal } = context;
  const { target, style, beta, output } = checkedFlags(flagsSchema, values);
  if (style === "reinhard" && beta !== undefined) {
    throw new AppError(
      "input.option",
      "--beta: a transfer of colours has no frequencies; leave it out, or take --style fourier.",
    );
  }
  const how: Style = style === "fourier" ? { style, beta: beta ?? DEFAULT_BETA } : { style };
  const say = (line: string) => terminal.notice(line);
  const inputs = await runInputs(
    paths,
    { output, labelEncoding: "trainIds", sample: undefined, labels: undefined },
    { say },
  );
  requireOthersStay(inputs, target, output);
  const other = await decodeImage(target);
  await createFolder(output);
  let isCutTold = false;
  for (const [done, { path, name }] of inputs.entries()) {
    if (signal.aborted) {
      terminal.clearProgress();
      terminal.notice(`${done} of ${countText(inputs.length, "image")} written, to "${output}".`);
      throw new CancelledError();
    }
    terminal.progress(`${done}/${inputs.length} ${path}`);
    const file = fileOf(output, name);
    await createFolder(resolve(file, ".."));
    const image = await decodeImage(path);
    if (!isCutTold && style === "fourier" && hasOtherProportions(image, other)) {
      isCutTold = true;
      terminal.notice(`"${target}" has other proportions than "${path}"; its middle is taken for the style.`);
    }
    await writeFileAtomically(file, await encodeRgbPng(styledImage(path, image, other, how)));
  }
  terminal.clearProgress();
  terminal.print(`"${output}": ${countText(inputs.length, "image")} in the style of "${target}".`);
}

/** @throws AppError as stylized, with the image's name */
function styledImage(path: string, image: RgbImage, other: RgbImage, how: Style): RgbImage {
  try {
    return bytesOf(stylized(image, how.style === "fourier" ? fittedTo(other, image) : other, how));
  } catch (error) {
    if (error instanceof AppError)
      throw new AppError(error.code, `"${path}" keeps its style: ${error.message}`, { cause: error });
    throw error;
  }
}

/** By more than a pixel. */
function hasOtherProportions(image: RgbImage, other: RgbImage): boolean {
  const fitted = (other.width * image.height) / image.width;
  return Math.abs(fitted - other.height) > 1;
}

const fileOf = (output: string, name: string): string => join(output, `${name}.png`);

/** @throws AppError `input.option` where a result would be written over an image that is read */
function requireOthersStay(inputs: readonly RunInput[], target: string, output: string): void {
  const read = new Set([target, ...inputs.map(({ path }) => path)].map((path) => resolve(path)));
  for (const { name } of inputs) {
    const file = fileOf(output, name);
    if (!read.has(resolve(file))) continue;
    throw new AppError(
      "input.option",
      `--output: "${file}" is read by this run and would be lost; choose another folder.`,
    );
  }
}
