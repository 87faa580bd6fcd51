// `acclimate inspect`: what is in a checkpoint file, and whether it fits.
import type { Command } from "commander";
import { z } from "zod";
import { alphaLimit } from "../../../src-shared/contract/parameters.ts";
import {
  changedParameters,
  PUBLISHED_PARAMETERS,
  RECOMMENDED_KEY,
  type RecommendedParameters,
} from "../../../src-shared/contract/recommended-parameters.ts";
import { networkSizeSchema } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { shapeText } from "../../engine/graph/node.ts";
import { modelName } from "../../engine/models/architecture.ts";
import { checkpointClasses } from "../../engine/models/checkpoint-classes.ts";
import { type Inspection, inspectCheckpoint } from "../../engine/models/inspect-checkpoint.ts";
import { loadCheckpoint } from "../../engine/models/load-checkpoint.ts";
import { problemTable } from "../../engine/models/match-state-dict.ts";
import { flagsOf } from "../../server/services/command-words.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { examples, paragraphs } from "../help.ts";
import { givenLabelSet } from "../inputs/given-label-set.ts";
import { checkedFlags, sizeFrom } from "../options/flag-values.ts";
import { labelSetOption, runFlagsSchema, weightsOption } from "../options/run-options.ts";
import { detailLines, inspectionDetails, oneLine } from "../run/inspection-details.ts";
import { jsonText } from "../run/json-text.ts";
import { countText, sizeText } from "../terminal/format.ts";
import { tableLines } from "../terminal/table.ts";

const ABOUT = `Shows what a checkpoint file holds: format, hash, metadata, the architecture that its keys belong to, every key that
does not fit it, and values that are no numbers. Nothing in the file is executed.`;

/** Names of classes in a line. */
const NAMED_CLASSES = 6;

const flagsSchema = z.object({
  weights: runFlagsSchema.shape.weights,
  labelSet: runFlagsSchema.shape.labelSet,
  keys: z.boolean().default(false),
  statistics: z.boolean().default(false),
  architecture: networkSizeSchema.optional(),
  against: z.string().min(1, "name a checkpoint's file").optional(),
  json: z.boolean().default(false),
});

export function inspectCommand(program: Command, context: CliContext): void {
  const command = program
    .command("inspect")
    .summary("show what is in a checkpoint")
    .description(paragraphs(ABOUT))
    .argument("<file>", "a .pth, .safetensors or .onnx file")
    .addOption(weightsOption())
    .addOption(labelSetOption())
    .option("--keys", "list every tensor with its shape and type")
    .option("--statistics", "list what every tensor's values are like")
    .option(
      "--architecture <size>",
      "list stages and blocks for an input such as 2048x1024",
      sizeFrom("--architecture"),
    )
    .option("--against <file>", "list how far each tensor lies from that of another checkpoint")
    .option("--json", "print one JSON document and nothing else");
  examples(command, [
    ["acclimate inspect model.pth", ""],
    ["acclimate inspect model.pth --keys | less", ""],
    ["acclimate inspect adapted.safetensors --statistics --against model.pth", "what adaptation changed"],
  ]);
  command.action(async (file: string, values: Record<string, unknown>) => {
    const options = checkedFlags(flagsSchema, values);
    const checkpoint = await loadCheckpoint(file, options.weights);
    const inspection = inspectCheckpoint(checkpoint);
    const { numClasses } = inspection.checkpoint;
    const labelSet =
      numClasses === null
        ? undefined
        : await checkpointClasses(checkpoint, numClasses, await givenLabelSet(options.labelSet));
    const classes = numClasses === null ? null : labelSetOf({ numClasses, labelSet });
    const details = await inspectionDetails(checkpoint, options);
    const { terminal } = context;
    if (options.json) terminal.print(jsonText({ ...inspection, classes: classes?.names ?? null, ...details }));
    else terminal.print(...inspectionLines(inspection, options.keys, classes), ...detailLines(details));
    if (inspection.refusal === null) return;
    if (!options.json) terminal.notice(`acclimate: ${inspection.refusal.message}`);
    context.setExitCode(EXIT.input);
  });
}

/** What people read of a checkpoint: facts, keys that do not fit, and on request all keys. */
export function inspectionLines(
  {
    checkpoint,
    metadata,
    snapshot,
    namedBy,
    networks,
    unused,
    skipped,
    recommended,
    recommendedProblem,
    parameters,
    keys,
    noNumbers,
    problems,
  }: Inspection,
  showKeys: boolean,
  classes: LabelSet | null = null,
): string[] {
  const { path, format, sizeBytes, sha256, arch, backbone, numClasses, alpha } = checkpoint;
  const model =
    arch === null || backbone === null
      ? "of no known architecture"
      : `${modelName({ arch, backbone })}, ${numClasses} classes`;
  const facts: [string, string][] = [
    ["file", path],
    ["format", `${format}, ${sizeText(sizeBytes)}`],
    ["sha256", sha256],
    ["model", model],
    ...(classes === null ? [] : [["classes", classWords(classes)] as [string, string]]),
    ["alpha", [alphaWords(alpha, keys), alphaLimit(backbone)].filter((part) => part !== null).join(". ")],
    ...(snapshot === null ? [] : [["snapshot", snapshotWords(snapshot)] as [string, string]]),
    ...(namedBy === null
      ? []
      : [["names", `${namedBy}'s, shown here under those of DAFormer's code`] as [string, string]]),
    ...(networks === null ? [] : [["networks", networkWords(networks)] as [string, string]]),
    ["numbers", `${parameters.toLocaleString("en")} in ${countText(keys.length, "tensor")}`],
    ...(recommended === null ? [] : recommendationFacts(recommended)),
    ...(recommendedProblem === null ? [] : [["recommended", oneLine(recommendedProblem.message)] as [string, string]]),
    ...Object.entries(metadata)
      .filter(([name]) => name !== RECOMMENDED_KEY || recommended === null)
      .map(([name, value]): [string, string] => [`metadata ${name}`, oneLine(String(value))]),
  ];
  const shown = facts.filter(([name]) => name !== "alpha" || arch !== null);
  const width = Math.max(...shown.map(([name]) => name.length));
  const lines = shown.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  if (problems.length > 0) lines.push("", "keys that do not fit", ...problemTable(problems));
  const broken = noNumbers.map(({ name, count }) => [oneLine(name), count.toLocaleString("en")]);
  if (broken.length > 0) lines.push("", ...tableLines(["key with values that are no numbers", "values"], broken));
  if (unused.length > 0)
    lines.push("", "tensors beside the network, not used", ...unused.map((name) => `  ${oneLine(name)}`));
  const passed = skipped.map(({ name, count }) => [oneLine(name), count === 0 ? "named" : count.toLocaleString("en")]);
  if (passed.length > 0)
    lines.push("", ...tableLines(["passed over unread, as it is of no use here", "objects"], passed));
  if (showKeys) {
    const rows = keys.map(({ name, shape, dtype }) => [oneLine(name), shapeText(shape), dtype]);
    lines.push("", ...tableLines(["key", "shape", "type"], rows));
  }
  return lines;
}

/** "CamVid: sky, building, pole and 8 more". */
function classWords({ name, names }: LabelSet): string {
  if (name === null) return "not named in the file; say what they are with --label-set";
  const more = names.length - NAMED_CLASSES;
  return oneLine(`${name}: ${names.slice(0, NAMED_CLASSES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`);
}

function alphaWords(alpha: number | null, keys: Inspection["keys"]): string {
  if (!keys.some(({ name }) => name.endsWith(".alpha"))) return "none stored; the images' own statistics do not count";
  return alpha === null ? "not the same in all layers" : String(alpha);
}

/** "model is read; beside it ema_model (--weights ema_model)". */
function networkWords({ names, chosen }: NonNullable<Inspection["networks"]>): string {
  const others = names.filter((name) => name !== chosen).map((name) => `${name} (--weights ${name})`);
  return oneLine(`${chosen} is read; beside it ${others.join(", ")}`);
}

/** "the student's weights; beside them a teacher (--weights teacher) and the optimizer's state". */
function snapshotWords({ method, weights, hasTeacher, hasOptimizer }: NonNullable<Inspection["snapshot"]>): string {
  const other = weights === "student" ? "teacher" : "student";
  const beside = [
    ...(hasTeacher ? [`a ${other} (--weights ${other})`] : []),
    ...(hasOptimizer ? ["the optimizer's state"] : []),
  ];
  const also = beside.length === 0 ? "" : `; beside them ${beside.join(" and ")}`;
  const by = method === "DAFormer" ? "DAFormer, or what is built on it" : method;
  return `of a training with ${by}: the ${weights}'s weights${also}`;
}

/** Only what differs from the published recipe: the rest is in `acclimate adapt --help`. */
function recommendationFacts({ parameters, foundOn }: RecommendedParameters): [string, string][] {
  const words = flagsOf(changedParameters(parameters, PUBLISHED_PARAMETERS));
  return [
    ["recommended", words.length === 0 ? "the published recipe" : words.join(" ")],
    ["found on", oneLine(foundOn)],
  ];
}
