// `acclimate export`: a checkpoint as an ONNX model for other programs.
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { evaluationConfigSchema } from "../../../src-shared/contract/evaluation.ts";
import { floats } from "../../engine/methods/inference/predict.ts";
import type { SegmentationModel } from "../../engine/methods/shared/segmentation-model.ts";
import { onnxModelOf } from "../../engine/process/exports/adapted-onnx.ts";
import { copiedWeights } from "../../engine/process/exports/repeat-run.ts";
import { createRandom } from "../../engine/random.ts";
import { runOnnxModel } from "../../engine/runtimes/onnx/run-onnx-model.ts";
import { freeBytesAt } from "../../files/free-bytes.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import { type OpenModel, openModel } from "../open-model.ts";
import { checkedFlags, numberFrom, sizeFrom } from "../options/flag-values.ts";
import { FORCE_HELP, labelSetOption, runFlagsSchema, weightsOption } from "../options/run-options.ts";
import { checkRoom, memoryNeeds, type RoomFlags } from "../run/require-room.ts";
import { sizeText } from "../terminal/format.ts";

const MAX_SIDE = 4096;
const side = z.int().min(32, "a side has at least 32 pixels").max(MAX_SIDE, `a side has at most ${MAX_SIDE} pixels`);

const flagsSchema = z.object({
  onnx: z.string("name the file to write").endsWith(".onnx", "name a file that ends in .onnx"),
  size: z.object({ width: side, height: side }).default({ width: 1024, height: 512 }),
  weights: runFlagsSchema.shape.weights,
  labelSet: runFlagsSchema.shape.labelSet,
  alpha: z.number().min(0, "alpha is between 0 and 1").max(1, "alpha is between 0 and 1").optional(),
  force: z.boolean().default(false),
});

const ABOUT = `Writes the network of a checkpoint as an ONNX model with its weights inside, for images of one size. The model takes
"image", float32 [1, 3, height, width], normalised as its metadata say, and gives "logits", float32 [1, classes, height,
width]. It is run once in ONNX Runtime and compared with this program's own prediction before it is written.`;

/** Of float32 additions in another order, relative to the largest logit. */
const TOLERANCE = 1e-3;

export function exportCommand(program: Command, context: CliContext): void {
  const command = program
    .command("export")
    .summary("write a checkpoint as an ONNX model")
    .description(paragraphs(ABOUT))
    .argument("<checkpoint>", "a .pth, .safetensors or .onnx file")
    .option("--onnx <file>", "the model to write")
    .addOption(weightsOption())
    .addOption(labelSetOption())
    .option("--size <WxH>", "of its images (default: 1024x512)", sizeFrom("--size"))
    .option(
      "--alpha <a>",
      "share of the image's own statistics, 0 to 1, in place of the checkpoint's",
      numberFrom("--alpha"),
    )
    .option("--force", FORCE_HELP);
  examples(command, [["acclimate export model.pth --onnx model.onnx --size 2048x1024", ""]]);
  command.action(async (checkpoint: string, values: Record<string, unknown>) => {
    const { onnx, size, alpha, weights, labelSet, force } = checkedFlags(flagsSchema, values);
    const machine = { runtime: "onnx", provider: "cpu", threads: undefined } as const;
    const flags = { ...machine, alpha, weights, labelSet, numClasses: undefined };
    const open = await openModel(checkpoint, flags, context.terminal);
    try {
      await checkRoomFor(open, size, { output: dirname(onnx), force }, context);
      const shape: [number, number] = [size.height, size.width];
      const metadata = {
        classes: open.read.labelSet.names.join(", "),
        acclimate: context.version,
        checkpoint_sha256: open.read.summary.sha256,
      };
      const bytes = onnxModelOf(open.model, await copiedWeights(open.model.base), shape, shape, metadata);
      await requireSameLogits(open.model, bytes, shape);
      await writeFileAtomically(onnx, bytes);
      context.terminal.print(
        `"${onnx}": ${sizeText(bytes.length)}, for images of ${size.width} x ${size.height} pixels.`,
      );
    } finally {
      await open.model.dispose();
      await open.model.runtime.dispose();
    }
  });
}

async function checkRoomFor(
  { read: { architecture, summary }, model }: OpenModel,
  size: { readonly width: number; readonly height: number },
  flags: RoomFlags,
  context: CliContext,
): Promise<void> {
  const configs = [evaluationConfigSchema.parse({ method: "predict" })];
  const memory = await memoryNeeds({ architecture, configs, sizes: [size], runtime: model.runtime.description });
  // The weights once more as a model, which is written as it is, and once more where it is tried.
  const needs = memory.map((need) => ({ ...need, neededBytes: need.neededBytes + 2 * summary.sizeBytes }));
  const disk = { neededBytes: summary.sizeBytes, freeBytes: await freeBytesAt(resolve(flags.output)) };
  checkRoom("export", { needs: [...needs, { resource: "disk", ...disk }], flags }, context);
}

/** On noise: what a picture shows does not matter here. */
async function requireSameLogits(model: SegmentationModel, onnx: Uint8Array, size: [number, number]): Promise<void> {
  const random = createRandom(1);
  const data = Float32Array.from({ length: 3 * size[0] * size[1] }, () => random.normal());
  const shape = [1, 3, ...size];
  const pixels = model.runtime.upload(data, shape);
  const low = await model.logits(pixels);
  const full = await model.enlarge(low, size);
  const own = await floats(full);
  for (const tensor of [pixels, low, full]) tensor.dispose();
  const theirs = await runOnnxModel(onnx, { name: "image", data, shape }, "logits");
  let [worst, largest] = [0, 0];
  for (let i = 0; i < own.length; i++) {
    worst = Math.max(worst, Math.abs((own[i] as number) - (theirs[i] as number)));
    largest = Math.max(largest, Math.abs(own[i] as number));
  }
  if (worst <= TOLERANCE * largest) return;
  throw new AppError(
    "run.differs",
    `The ONNX model was tried, and its logits differ by up to ${worst.toPrecision(2)}; it was not written.`,
  );
}
