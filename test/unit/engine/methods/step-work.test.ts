// What a method says that its steps compute is what they compute: the programs of a step are those that the estimate counts.
import { expect, test } from "vitest";
import type { SourceImages } from "../../../../src-main/engine/datasets/labelled-images.ts";
import { graphWork } from "../../../../src-main/engine/graph/graph-work.ts";
import { printGraph } from "../../../../src-main/engine/graph/print.ts";
import { trainingMethodOf } from "../../../../src-main/engine/methods/training-methods.ts";
import type { Runtime } from "../../../../src-main/engine/runtimes/runtime.ts";
import { train } from "../../../../src-main/engine/training/train.ts";
import { trainingConfigSchema } from "../../../../src-shared/contract/training/training-config.ts";
import type { TrainingEvent } from "../../../../src-shared/contract/training/training-events.ts";
import { onnxRuntime } from "../../../helpers/runtimes-under-test.ts";
import { horizon } from "../../../helpers/tiny-training.ts";

const LOOP = { numClasses: 2, cropSize: [32, 32], numEpochs: 1, validationStart: 9, seed: 3 };
const RESNET = { network: "deeplabv2_resnet18", width: 4, sourceBatchSize: 2 };
const MIT = { encoder: "mit_b0", head: "daformer_conv1", epochSteps: 1, sourceSize: [48, 64], targetSize: [48, 64] };
const TINY = { backboneName: "resnet18", width: 4, batchSize: 5 };
const PAIRS = { ...MIT, ignoredTop: 0, ignoredBottom: 0, rareClassSampling: false };

const night: SourceImages = {
  count: 4,
  read: async (index) => ({ image: (await horizon.read(index)).image, labels: null }),
};

test.each([
  ["source-training", TINY],
  ["da-sac-baseline", { ...RESNET, targetBatchSize: 2 }],
  ["da-sac", { ...RESNET, targetImages: 1, copies: 2 }],
  ["da-sac", { ...RESNET, targetImages: 1, copies: 2, targetOnly: true }],
  ["daformer", PAIRS],
  ["daformer", { ...PAIRS, featureDistance: 0 }],
  ["entropy-balancing", { ...PAIRS, balance: "fixed" }],
  ["entropy-balancing", { ...PAIRS, balance: "ema-quantile" }],
  ["crots-baseline", { network: "deeplabv2_resnet18", width: 4, cropSize: [64, 64] }],
  ["crots", { network: "deeplabv2_resnet18", width: 4, cropSize: [64, 64], trainBatchSize: 2 }],
] as const)("%s with %o", async (name, own) => {
  const config = trainingConfigSchema.parse({ method: name, ...LOOP, ...own });
  const method = trainingMethodOf(config);
  const work = method.work?.(config);
  if (work === undefined) throw new Error(`${name} says nothing`);
  const compiled: string[] = [];
  const runtime: Runtime = new Proxy(onnxRuntime, {
    get: (inner, key) => {
      if (key === "compile") {
        return (graph: Parameters<Runtime["compile"]>[0]) => {
          // Updates of parameters and averages have no convolution, and take no time beside the passes.
          if (graphWork(graph).flop > LEAST_FLOP) compiled.push(printGraph(graph));
          return inner.compile(graph);
        };
      }
      const value: unknown = Reflect.get(inner, key);
      return typeof value === "function" ? value.bind(inner) : value;
    },
  });
  const read: number[] = [];
  const onEvent = (event: TrainingEvent): void => {
    if (event.type === "trainingStepFinished") read.push(event.step);
  };
  const data = { source: horizon, ...(method.hasTarget ? { target: night } : {}) };
  await train({ runtime, method, config, data }, { onEvent });
  expect(read).not.toHaveLength(0);
  expect(work.passes.map(({ graph }) => printGraph(graph)).toSorted()).toEqual(compiled.toSorted());
});

const LEAST_FLOP = 1e5;
