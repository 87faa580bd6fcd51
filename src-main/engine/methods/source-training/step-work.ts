// What a step of source training has to compute.
import type { SourceTrainingConfig } from "../../../../src-shared/contract/training/source-training.ts";
import type { StepWork } from "../../training/training-method.ts";
import { alphaGrid } from "./alpha-grid.ts";
import { optimizerOf } from "./optimizer.ts";
import { architectureOf } from "./training-architecture.ts";
import { type TrainingSettings, trainingGraph } from "./training-graph.ts";

/** Three channels and the label of a pixel. */
const NUMBERS_OF_PIXEL = 4;

/** @throws AppError `checkpoint.architecture` for a backbone that is not known */
export function sourceTrainingWork(config: SourceTrainingConfig): StepWork {
  const architecture = architectureOf(config);
  const { batchSize, cropSize, dropout, auxWeight, ema } = config;
  const images = Math.min(config.microBatchSize ?? batchSize, batchSize);
  const times = Math.ceil(batchSize / images);
  const settings: TrainingSettings = {
    places: dropout ? "everyRelu" : "ownLayers",
    auxWeight,
    hasAverage: ema > 0,
    addsGradients: times > 1,
    result: "update",
    isPart: times > 1,
  };
  const optimizer = optimizerOf(config);
  const { graph } = trainingGraph(architecture, images, cropSize, settings, optimizer);
  const [height, width] = cropSize;
  return {
    architecture,
    passes: [{ graph, times }],
    slots: optimizer.slots.length,
    others: ema > 0 ? 1 : 0,
    images: batchSize,
    numbers: NUMBERS_OF_PIXEL * batchSize * height * width,
    variants: alphaGrid(config, architecture).length,
    validatedSize: null,
  };
}
