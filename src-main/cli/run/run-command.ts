// The course of `adapt`, `tta` and `predict`: check everything, open the model, run, report.
import { join } from "node:path";
import { CancelledError } from "../../../src-shared/contract/errors.ts";
import type { RunResults } from "../../../src-shared/contract/results.ts";
import { DatasetReport } from "../../engine/datasets/dataset-report.ts";
import type { ReadModel } from "../../engine/process/open-model.ts";
import type { RuntimeDescription } from "../../engine/runtimes/runtime.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import type { CliContext } from "../context.ts";
import { EXIT, exitCodeOf } from "../exit-codes.ts";
import type { RunInput } from "../inputs/run-input.ts";
import { checkpointPath, runInputs } from "../inputs/run-inputs.ts";
import { type OpenModel, openModel } from "../open-model.ts";
import { recipeLine } from "../options/recipe.ts";
import type { RunFlags } from "../options/run-options.ts";
import { countText } from "../terminal/format.ts";
import { RunProgress } from "../terminal/run-progress.ts";
import { jsonText } from "./json-text.ts";
import { type Method, resultConfig, stepsOf, TRAITS } from "./method.ts";
import { prepareOutputFolder, RESULTS_FILE } from "./output-folder.ts";
import { imageLines, summaryLines } from "./report.ts";
import { requireInputsStay } from "./require-inputs-stay.ts";
import { checkRoom, diskNeed, imageSizes, memoryNeeds } from "./require-room.ts";
import { type ImagesOutcome, type RunObserver, runImages } from "./run-images.ts";

/**
 * @param methodFor  what is run, with the parameters that the opened checkpoint recommends
 * @throws AppError before the first image; later failures are in the results and in the exit code
 */
export async function runCommand(
  paths: readonly string[],
  flags: RunFlags,
  methodFor: (read: ReadModel) => Method,
  context: CliContext,
): Promise<void> {
  const path = checkpointPath(flags);
  const datasetReport = new DatasetReport();
  const inputs = await runInputs(paths, flags, { say: (line) => context.terminal.notice(line), report: datasetReport });
  if (flags.labels !== undefined) sayWhatHasNoLabels(inputs, context);
  requireInputsStay(inputs, path, flags);
  await prepareOutputFolder(flags.output);
  const open = await openModel(path, flags, context.terminal);
  try {
    const method = methodFor(open.read);
    await checkRoomFor(inputs, flags, method, open, context);
    await runAndReport(inputs, flags, method, open, { ...context, datasetReport });
  } finally {
    await open.model.dispose();
    await open.model.runtime.dispose();
  }
}

/** Four pictures of an image: two of ids, one of flat colours, and the photograph under them. */
const PICTURE_BYTES = 2;
const SCORE_BYTES = 4;

async function checkRoomFor(
  inputs: readonly RunInput[],
  flags: RunFlags,
  { config }: Method,
  { read: { architecture }, model }: OpenModel,
  context: CliContext,
): Promise<void> {
  const sizes = await imageSizes(inputs.map(({ path }) => path));
  const predictions = TRAITS[config.method].hasBefore ? 2 : 1;
  const scores = flags.saveLogits === undefined ? 0 : SCORE_BYTES * architecture.numClasses * predictions;
  const needs = [
    ...(await memoryNeeds({ architecture, configs: [config], sizes, runtime: model.runtime.description })),
    await diskNeed(flags.output, { sizes, images: inputs.length, bytesOfPixel: PICTURE_BYTES + scores }),
  ];
  checkRoom("run", { needs, flags }, context);
}

function sayWhatHasNoLabels(inputs: readonly RunInput[], { terminal }: CliContext): void {
  const without = inputs.filter(({ labelPath }) => labelPath === null);
  const [first] = without;
  if (first === undefined) return;
  const which = `${without.length} of ${countText(inputs.length, "image")}, such as "${first.path}"`;
  terminal.notice(`No label file for ${which}; what has none is predicted, but not scored.`);
}

async function runAndReport(
  inputs: readonly RunInput[],
  flags: RunFlags,
  method: Method,
  open: OpenModel,
  context: CliContext & { readonly datasetReport: DatasetReport },
): Promise<void> {
  const {
    model,
    read: { summary: checkpoint, labelSet },
  } = open;
  const { terminal, signal, datasetReport } = context;
  const said = datasetReport.lines.length; // about the folders, when they were listed
  const { name, provider, threads, version, note } = model.runtime.description;
  if (!flags.json) terminal.notice(...runtimeLines(model.runtime.description, flags));
  if (!flags.json && method.recipe !== null) terminal.notice(recipeLine(method.recipe));
  const setup = { model, labelSet, method, flags, signal, datasetReport };
  const outcome = await runImages(inputs, setup, observerOf(inputs.length, method, flags, context));
  terminal.clearProgress();
  terminal.notice(...datasetReport.lines.slice(said).map(({ message }) => message));
  const results: RunResults = {
    acclimate: context.version,
    command: method.config.method,
    checkpoint,
    runtime: { name, provider, threads, version, note },
    config: resultConfig(method.config),
    recipe: method.recipe,
    classes: [...labelSet.names],
    images: [...outcome.images],
    failures: outcome.failures,
    notices: datasetReport.lines,
    summary: outcome.summary,
  };
  await report(results, outcome, inputs.length, flags, context);
}

/** What computes. Why an accelerator was passed over is told to those who asked for one; `results.json` holds it anyway. */
function runtimeLines({ name, provider, version, threads, note }: RuntimeDescription, flags: RunFlags): string[] {
  const on = threads === 0 ? provider : `${provider}, ${countText(threads, "thread")}`;
  const isAsked = flags.runtime !== "auto" || flags.provider !== "auto";
  return [`${name} ${version} on ${on}`, ...(isAsked && note !== "" ? [note] : [])];
}

/** Writes and prints the results of what finished, then says what did not. */
async function report(
  results: RunResults,
  { fatal, summary, firstFailure }: ImagesOutcome,
  imageCount: number,
  flags: RunFlags,
  context: CliContext,
): Promise<void> {
  const { terminal } = context;
  const text = jsonText(results);
  const bytes = new TextEncoder().encode(`${text}\n`);
  const unwritten = await writeFileAtomically(join(flags.output, RESULTS_FILE), bytes).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (flags.json) terminal.print(text);
  else if (summary.images > 0) terminal.print(...summaryLines(results, flags.output));
  const stopped = fatal ?? unwritten;
  if (summary.cancelled || stopped !== undefined) {
    const finished = `${summary.images} of ${countText(imageCount, "image")}`;
    terminal.notice(`${finished} finished${summary.images === 0 ? "." : `; the files are in "${flags.output}".`}`);
  }
  if (summary.cancelled) throw new CancelledError();
  if (stopped !== undefined) throw stopped;
  if (firstFailure === undefined) return;
  context.setExitCode(summary.images > 0 ? EXIT.someFailed : exitCodeOf(firstFailure));
}

function observerOf(imageCount: number, method: Method, flags: RunFlags, { terminal }: CliContext): RunObserver {
  const { views, iterations } = stepsOf(method.config);
  const progress = new RunProgress({ images: imageCount, views, iterations, now: () => performance.now() });
  let ended = 0;
  const end = (): string => {
    progress.imageEnded();
    ended += 1;
    return `[${ended}/${imageCount}]`;
  };
  return {
    imageStarted(name) {
      progress.imageStarted(name);
      terminal.progress(progress.line);
    },
    hear(event) {
      progress.hear(event);
      terminal.progress(progress.line);
    },
    imageFinished(result) {
      const position = end();
      if (!flags.json) terminal.print(...imageLines(result, position));
    },
    imageFailed(error) {
      const position = end();
      terminal.clearProgress();
      terminal.notice(imageCount === 1 ? `acclimate: ${error.message}` : `${position} ${error.message}`);
    },
  };
}
