// What a step of DAFormer, or of entropy balancing, has to compute.
import type {
  DaformerConfig,
  EntropyBalancingConfig,
} from "../../../../src-shared/contract/training/entropy-balancing.ts";
import { fusionNamed } from "../../models/daformer-head.ts";
import { daformerOf } from "../../models/mmseg-networks.ts";
import type { StepWork } from "../../training/training-method.ts";
import { entropyWeightOf } from "./balance-point.ts";
import { entropiesGraph, entropyGraph, frozenGraph, mixedGraph, sourceGraph, teacherGraph } from "./step-graphs.ts";

/** AdamW's two averages. */
const SLOTS = 2;
/** Source, target and mixed images: three channels, a label and a weight of each pixel. */
const NUMBERS_OF_PIXEL = 15;

export function entropyBalancingWork(config: DaformerConfig | EntropyBalancingConfig): StepWork {
  const { encoder, head, numClasses, batchSize, cropSize, targetSize, featureDistance } = config;
  const architecture = daformerOf(encoder, numClasses, fusionNamed(head));
  const [height, width] = cropSize;
  const pass = { images: batchSize, size: cropSize };
  const hasDistance = featureDistance > 0;
  const graphs = [
    sourceGraph(architecture, pass, hasDistance ? featureDistance : null),
    ...(hasDistance ? [frozenGraph(architecture, pass)] : []),
    teacherGraph(architecture, pass),
    mixedGraph(architecture, pass),
    ...(config.method === "entropy-balancing" ? [entropyGraph(architecture, pass, entropyWeightOf(config))] : []),
    ...(config.method === "entropy-balancing" && config.balance !== "fixed"
      ? [entropiesGraph(architecture, pass)]
      : []),
  ];
  return {
    architecture,
    passes: graphs.map(({ graph }) => ({ graph, times: 1 })),
    slots: SLOTS,
    others: hasDistance ? 2 : 1,
    images: 2 * batchSize,
    numbers: NUMBERS_OF_PIXEL * batchSize * height * width,
    variants: 2,
    validatedSize: { width: targetSize[1], height: targetSize[0] },
  };
}
