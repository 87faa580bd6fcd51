// What a step of either training has to compute.
import type { DaSacBaselineConfig, DaSacConfig } from "../../../../src-shared/contract/training/da-sac.ts";
import { daSacNetwork } from "../../models/da-sac-networks.ts";
import { sgd } from "../../training/optimizers/sgd.ts";
import type { StepWork } from "../../training/training-method.ts";
import { daSacGroups } from "./parameter-groups.ts";
import { sourceGraph, studentGraph, targetStatisticsGraph, teacherGraph } from "./step-graphs.ts";

/** Three channels and the label of a pixel; of a target's crop the channels come twice, clean and noisy. */
const NUMBERS = { plain: 4, twice: 7 } as const;

export function baselineWork(config: DaSacBaselineConfig): StepWork {
  const { sourceBatchSize, targetBatchSize } = config;
  const { architecture, optimizer, pass, pixels, shared } = commonOf(config);
  return {
    ...shared,
    passes: [
      { graph: sourceGraph(architecture, pass(sourceBatchSize), "batch", optimizer, "update").graph, times: 1 },
      { graph: targetStatisticsGraph(architecture, pass(targetBatchSize)).graph, times: 1 },
    ],
    others: 0,
    images: sourceBatchSize + targetBatchSize,
    numbers: NUMBERS.plain * (sourceBatchSize + targetBatchSize) * pixels,
    variants: 1,
  };
}

export function consistencyWork(config: DaSacConfig): StepWork {
  const { targetImages, copies, targetOnly } = config;
  const { architecture, optimizer, pass, pixels, shared } = commonOf(config);
  const crops = targetImages * copies;
  const sources = targetOnly ? 0 : config.sourceBatchSize;
  const counts = { copies, cropsPerDevice: config.cropsPerDevice ?? crops };
  const source = () => sourceGraph(architecture, pass(sources), "running", optimizer, "gradients").graph;
  return {
    ...shared,
    passes: [
      ...(targetOnly ? [] : [{ graph: source(), times: 1 }]),
      { graph: teacherGraph(architecture, pass(crops), counts, config).graph, times: 1 },
      { graph: studentGraph(architecture, pass(crops), counts, config, optimizer).graph, times: 1 },
    ],
    others: 1,
    images: sources + targetImages,
    numbers: (NUMBERS.plain * sources + NUMBERS.twice * crops) * pixels,
    variants: 2,
  };
}

function commonOf({ network, numClasses, width, momentum, weightDecay, cropSize }: DaSacBaselineConfig | DaSacConfig) {
  const architecture = daSacNetwork(network, numClasses, width);
  const optimizer = sgd(momentum, daSacGroups(architecture, weightDecay));
  const [cropHeight, cropWidth] = cropSize;
  const validatedSize = { width: cropWidth, height: cropHeight };
  return {
    architecture,
    optimizer,
    pass: (images: number) => ({ images, size: cropSize }),
    pixels: cropHeight * cropWidth,
    shared: { architecture, slots: optimizer.slots.length, validatedSize },
  };
}
