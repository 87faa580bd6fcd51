// What a step of either stage has to compute.
import type { CrotsBaselineConfig, CrotsConfig } from "../../../../src-shared/contract/training/crots.ts";
import { behindCaffeInput } from "../../models/caffe-input.ts";
import type { StepWork } from "../../training/training-method.ts";
import { crotsNetwork } from "./network.ts";
import { patchSize } from "./prepared.ts";
import { learningGraph, teacherGraph } from "./step-graphs.ts";

/** Adam's two averages. */
const SLOTS = 2;
/** Three channels and the label of a pixel; of mixed images three copies of it on the way, and the confidence. */
const NUMBERS_OF_PIXEL = { baseline: 4, mixing: 14 } as const;

export function baselineWork(config: CrotsBaselineConfig): StepWork {
  const { trainBatchSize: images, cropSize: size } = config;
  const architecture = crotsNetwork(config);
  const { graph } = learningGraph(behindCaffeInput(architecture), { images, size }, false);
  return {
    ...shared(config, NUMBERS_OF_PIXEL.baseline),
    architecture,
    passes: [{ graph, times: 1 }],
    others: 0,
    variants: 1,
  };
}

/** With patches. */
export function mixingWork(config: CrotsConfig): StepWork {
  const { trainBatchSize: images, cropSize: size, teacherStatistics: statistics, confidenceOf } = config;
  const architecture = crotsNetwork(config);
  const own = behindCaffeInput(architecture);
  const graphs = [
    teacherGraph(own, { images, size }, { statistics, confidenceOf }),
    learningGraph(own, { images, size }, false),
    learningGraph(own, { images, size: patchSize(size) }, true),
  ];
  return {
    ...shared(config, NUMBERS_OF_PIXEL.mixing),
    architecture,
    passes: graphs.map(({ graph }) => ({ graph, times: 1 })),
    others: 1,
    variants: 2,
  };
}

function shared(
  { trainBatchSize, cropSize: [height, width] }: CrotsBaselineConfig | CrotsConfig,
  numbersOfPixel: number,
) {
  return {
    slots: SLOTS,
    images: trainBatchSize,
    numbers: numbersOfPixel * trainBatchSize * height * width,
    validatedSize: { width, height },
  };
}
