// Auto-tune on the command line: the same search as in the window, in this process.
import { basename, join, resolve } from "node:path";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import { heaviestOfGrid } from "../../../src-shared/contract/parameter-grid.ts";
import { type TuningPlan, type TuningResult, winnerOf } from "../../../src-shared/contract/tuning.ts";
import { DatasetReport } from "../../engine/datasets/dataset-report.ts";
import type { TrialImage } from "../../engine/evaluation/tuning/run-trial.ts";
import { tune } from "../../engine/evaluation/tuning/tune.ts";
import { storeRecommended } from "../../engine/models/store-recommended.ts";
import type { ReadModel } from "../../engine/process/open-model.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import type { CliContext } from "../context.ts";
import { readInput } from "../inputs/read-input.ts";
import type { RunInput } from "../inputs/run-input.ts";
import { keyOfInput } from "../inputs/tuning-inputs.ts";
import type { ModelFlags } from "../open-model.ts";
import { TuningProgress } from "../terminal/tuning-progress.ts";
import { jsonText } from "./json-text.ts";
import { ModelAtAlpha } from "./model-at-alpha.ts";
import { checkRoom, imageSizes, memoryNeeds } from "./require-room.ts";
import { recommendationOf, type TunedOn, tuningText } from "./tuning-report.ts";

export interface SearchWork {
  readonly read: ReadModel;
  readonly inputs: readonly RunInput[];
  readonly plan: TuningPlan;
  /** What the images are of: a folder, or an image. */
  readonly named: string;
}

export interface SearchOutput extends Pick<ModelFlags, "runtime" | "provider" | "threads"> {
  readonly output: string;
  /** The copy of the checkpoint that recommends the winner. */
  readonly storeIn: string | undefined;
  readonly json: boolean;
  readonly force: boolean;
}

const RANKING_FILE = "ranking.json";

/** @throws those of `tune`; AppError `output.*`; `method.diverged` when a winner is to be stored and there is none */
export async function tuneBySearch(work: SearchWork, flags: SearchOutput, context: CliContext): Promise<void> {
  const { read, inputs, plan } = work;
  const { terminal, version } = context;
  const result = await searched(work, flags, context);
  const on: TunedOn = { name: basename(resolve(work.named)), images: inputs.length };
  const winner = winnerOf(result.ranking) ?? null;
  const images = inputs.map(keyOfInput);
  const document = jsonText({ acclimate: version, checkpoint: read.summary, images, plan, winner, ...result });
  const path = join(resolve(flags.output), RANKING_FILE);
  await writeFileAtomically(path, new TextEncoder().encode(`${document}\n`));
  if (flags.json) terminal.print(document);
  else
    terminal.print(...tuningText(plan, result, on), `All of the ranking is in "${join(flags.output, RANKING_FILE)}".`);
  if (flags.storeIn === undefined) return;
  const recommended = recommendationOf(plan, result, on);
  await storeRecommended(
    read.summary.path,
    flags.storeIn,
    recommended,
    winner?.parameters.alpha ?? null,
    read.summary.weights,
  );
  if (!flags.json) terminal.print(`The best is recommended by "${flags.storeIn}".`);
}

async function checkRoomFor(
  { read: { architecture }, inputs, plan }: Pick<SearchWork, "read" | "inputs" | "plan">,
  { runtime }: ModelAtAlpha,
  flags: SearchOutput,
  terminal: CliContext["terminal"],
): Promise<void> {
  const sizes = await imageSizes(inputs.map(({ path }) => path));
  const configs = heaviestOfGrid(plan.start, plan.grid).map((config) => ({ ...config, method: "adapt" as const }));
  const needs = await memoryNeeds({ architecture, configs, sizes, runtime });
  checkRoom("tuning", { needs, flags }, { terminal });
}

async function searched(
  { read, inputs, plan }: SearchWork,
  flags: SearchOutput,
  { terminal, signal, version }: CliContext,
): Promise<TuningResult> {
  const byKey = new Map(inputs.map((input) => [keyOfInput(input), input]));
  const labelled = inputs.filter(({ labelPath }) => labelPath !== null);
  const header = {
    acclimate: version,
    checkpointSha256: read.summary.sha256,
    images: [...byKey.keys()],
    labelled: labelled.map(keyOfInput),
  };
  const report = new DatasetReport();
  const load = async (key: string): Promise<TrialImage> => {
    const input = byKey.get(key);
    if (input === undefined) throw new AppError("input.missing", `The image "${key}" is not among those named.`);
    return readInput(input, { model: read.labelSet, report, signal });
  };
  const models = await ModelAtAlpha.open(read, flags);
  await checkRoomFor({ read, inputs, plan }, models, flags, terminal);
  const progress = new TuningProgress(plan.start, () => performance.now());
  terminal.progress(progress.line);
  const sayResumed = (runs: number): void => {
    if (runs > 0) terminal.notice(`${runs} runs were there from an earlier start.`);
  };
  try {
    const result = await tune(
      { header, plan, folder: resolve(flags.output) },
      {
        load,
        modelWith: (alpha) => models.at(alpha),
        signal,
        onTried: (known) => {
          const isFirst = progress.resumed === null;
          progress.hear(known);
          if (isFirst) sayResumed(progress.resumed ?? 0);
          terminal.progress(progress.line);
        },
      },
    );
    if (progress.resumed === null) sayResumed(result.done);
    return result;
  } catch (error) {
    terminal.clearProgress();
    if (error instanceof CancelledError) {
      terminal.notice(`Stopped; the same command goes on from here. Finished runs are in "${flags.output}".`);
    }
    throw error;
  } finally {
    terminal.clearProgress();
    terminal.notice(...report.lines.map(({ message }) => message));
    await models.dispose();
  }
}
