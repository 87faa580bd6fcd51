// All commands of the engine process.
import { RecordedEvaluations } from "../../evaluation/recorded-figures.ts";
import type { Handlers } from "../handler.ts";
import { ModelCache } from "../model-cache.ts";
import { checkpointChanges, checkpointStatistics, describeArchitecture } from "./checkpoint-statistics.ts";
import { detectDataset } from "./detect-dataset.ts";
import { devices } from "./devices.ts";
import { embedImages } from "./embed-images.ts";
import { evaluateHandler } from "./evaluate.ts";
import { confusedImages, evaluationFigures, predictedLabels } from "./evaluation-figures.ts";
import { freeDeviceMemory } from "./free-device-memory.ts";
import { groundTruth } from "./ground-truth.ts";
import { checkImportanceWeights, writeImportanceWeights } from "./importance-weights.ts";
import { inspectCheckpoint } from "./inspect-checkpoint.ts";
import { listDataset } from "./list-dataset.ts";
import { measureSpeed } from "./measure-speed.ts";
import { measureTraining, measureWork } from "./measure-work.ts";
import { imageSize, photoTiles } from "./photo.ts";
import { pixels } from "./pixels.ts";
import { presentClasses } from "./present-classes.ts";
import { runHandler } from "./run.ts";
import { stylize } from "./stylize.ts";
import { planSubmission, writeSubmission } from "./submission.ts";
import { thumbnail } from "./thumbnail.ts";
import { trainHandler } from "./train.ts";
import { tuneHandler } from "./tune.ts";
import { view } from "./view.ts";
import { writeExport } from "./write-export.ts";

export function createHandlers(models: ModelCache = new ModelCache()): Handlers {
  const recorded = new RecordedEvaluations();
  return {
    run: runHandler(models),
    evaluate: evaluateHandler(models),
    tune: tuneHandler(models),
    train: trainHandler(models),
    evaluationFigures: evaluationFigures(recorded),
    confusedImages: confusedImages(recorded),
    predictedLabels,
    embedImages: embedImages(models),
    planSubmission,
    writeSubmission,
    writeImportanceWeights,
    checkImportanceWeights,
    forgetModel: async () => {
      await models.clear();
      return null;
    },
    measureSpeed,
    freeDeviceMemory,
    measureTraining,
    measureWork,
    inspectCheckpoint,
    checkpointStatistics,
    checkpointChanges,
    describeArchitecture,
    devices,
    detectDataset,
    listDataset,
    thumbnail,
    pixels,
    imageSize,
    photoTiles,
    view,
    stylize,
    groundTruth,
    presentClasses,
    writeExport,
  };
}
