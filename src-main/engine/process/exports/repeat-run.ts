// Repeats a run from its record, for what is not kept with it: scores of every class, and adapted weights.
import { createHash } from "node:crypto";
import { AppError, BugError } from "../../../../src-shared/contract/errors.ts";
import type { ExportedRun } from "../../../../src-shared/contract/export-job.ts";
import { imageMethodConfigSchema } from "../../../../src-shared/contract/image-methods.ts";
import type { Machine, Provenance } from "../../../../src-shared/contract/workbench/runs.ts";
import { readInputFile } from "../../../files/read-input-file.ts";
import type { StateDict } from "../../checkpoints/state-dict.ts";
import { argmaxLabels } from "../../images/argmax.ts";
import { MAX_IMAGE_FILE_BYTES } from "../../images/image-limits.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";
import { joinBands } from "../../images/score-bands.ts";
import { runMethod } from "../../methods/image-methods.ts";
import type { ResultKeeper, ScoreKind } from "../../methods/shared/run-options.ts";
import type { SegmentationModel } from "../../methods/shared/segmentation-model.ts";
import type { NamedTensors } from "../../runtimes/runtime.ts";
import { ModelCache } from "../model-cache.ts";

export interface RepeatedRun {
  /** float32 [1, K, H, W] at the image's own size. */
  readonly scores: Float32Array;
  readonly kind: ScoreKind;
  /** All weights and running statistics after the iteration, by key, float32. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly stateDict: StateDict;
  readonly model: SegmentationModel;
}

/** Keeps the last run's model open: runs that are exported together mostly share it. */
export class RunRepeater {
  readonly #models = new ModelCache();

  /**
   * @param image   of the run, decoded
   * @param labels  what the run predicted in this iteration
   * @throws AppError `run.differs` when image, checkpoint or result are not the recorded ones
   * @throws CancelledError
   */
  async repeat(
    exported: ExportedRun,
    image: RgbImage,
    labels: LabelMap,
    signal: AbortSignal | undefined,
  ): Promise<RepeatedRun> {
    const provenance = provenanceOf(exported);
    await requireSameImage(exported, provenance);
    const { checkpointPath: path, run } = exported;
    const { model, read } = await this.#models.get({ path, machine: machineOf(provenance), alpha: run.config.alpha });
    if (read.summary.sha256 !== provenance.checkpointSha256) {
      throw differs(exported, `"${path}" is not the checkpoint it was made with any more`);
    }
    const result = await resultOf(exported, model, image, signal === undefined ? {} : { signal });
    const again = argmaxLabels(result.scores, model.architecture.numClasses, image.height, image.width);
    const differing = again.data.reduce((count, label, i) => count + (label === labels.data[i] ? 0 : 1), 0);
    if (differing === 0) return { ...result, stateDict: read.stateDict, model };
    throw differs(
      exported,
      `it was repeated from its record, and ${differing} of ${labels.data.length} pixels came out differently; ` +
        "repeat it here first, and export that run",
    );
  }

  async dispose(): Promise<void> {
    await this.#models.clear();
  }
}

function provenanceOf(exported: ExportedRun): Provenance {
  const { provenance } = exported.run;
  if (provenance === null) throw differs(exported, "it ended before it had recorded what made it");
  return provenance;
}

/** What computed it then. TensorFlow.js finds its own provider again, under a name that is none of ONNX Runtime's. */
function machineOf({ runtime, provider, threads }: Provenance): Machine {
  const isTfjs = runtime === "tfjs";
  return {
    runtime: isTfjs ? "tfjs" : "onnx",
    provider: isTfjs ? "auto" : provider,
    threads: threads === 0 ? null : threads,
  };
}

async function requireSameImage(exported: ExportedRun, { imageSha256 }: Provenance): Promise<void> {
  const bytes = await readInputFile(exported.imagePath, MAX_IMAGE_FILE_BYTES);
  if (createHash("sha256").update(bytes).digest("hex") === imageSha256) return;
  throw differs(exported, `"${exported.imagePath}" is not the image it was made from any more`);
}

/** The prediction after the exported iteration: 0 is unadapted, and fused views are test-time augmentation's 1. */
async function resultOf(
  { run: { config }, iteration }: ExportedRun,
  model: SegmentationModel,
  image: RgbImage,
  options: { readonly signal?: AbortSignal },
): Promise<Pick<RepeatedRun, "scores" | "kind" | "weights">> {
  const { numClasses } = model.architecture;
  const { width, height } = image;
  let last: Pick<RepeatedRun, "scores" | "kind"> | null = null;
  const keeper: ResultKeeper = {
    keeps: () => false,
    prediction: async (_iteration, bands, kind) => {
      last = { scores: await joinBands(bands, { numClasses, height, width }), kind };
    },
    pseudoLabel: async () => undefined,
  };
  // The steps do not depend on how many follow.
  const method = iteration === 0 ? "predict" : config.method;
  const repeated = imageMethodConfigSchema.parse({ ...config, method, numEpochs: iteration });
  const { weights } = await runMethod(model, image, repeated, { ...options, keeper });
  const copied = await copiedWeights(weights?.tensors ?? model.base);
  weights?.dispose();
  if (last === null) throw new BugError("a repeated run has predicted nothing");
  return { ...(last as Pick<RepeatedRun, "scores" | "kind">), weights: copied }; // assigned in a closure
}

/** Their values, which outlive the tensors. */
export async function copiedWeights(tensors: NamedTensors): Promise<Map<string, Float32Array>> {
  const copies = new Map<string, Float32Array>();
  for (const [key, tensor] of tensors) copies.set(key, Float32Array.from(await tensor.read()));
  return copies;
}

function differs({ run }: ExportedRun, why: string): AppError {
  return new AppError("run.differs", `"${run.image.key}": the run cannot be exported in this format: ${why}.`);
}
