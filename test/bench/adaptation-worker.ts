// Times one adaptation on ONNX Runtime in a process of its own, so that its peak memory is its own; prints one line of JSON.
import { parseArgs } from "node:util";
import { argmaxLabels } from "../../src-main/engine/images/argmax.ts";
import { splitAtFirstTrained } from "../../src-main/engine/methods/self-adaptation/adaptation-graphs.ts";
import { AdaptedWeights } from "../../src-main/engine/methods/self-adaptation/adapted-weights.ts";
import { selfAdapt } from "../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import { SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import { deepLabOf } from "../../src-main/engine/models/detect-architecture.ts";
import { OnnxRuntime } from "../../src-main/engine/runtimes/onnx/onnx-runtime.ts";
import { adaptationConfigSchema } from "../../src-shared/contract/adaptation-config.ts";
import { generateStateDict } from "../helpers/generated-weights.ts";

const { values } = parseArgs({
  options: {
    backbone: { type: "string", default: "resnet50" },
    height: { type: "string", default: "256" },
    width: { type: "string", default: "512" },
    threads: { type: "string", default: "2" },
    repeats: { type: "string", default: "3" },
  },
});
const [height, width] = [Number(values.height), Number(values.width)];
const NUM_CLASSES = 19;

async function best(work: () => Promise<unknown>): Promise<number> {
  const seconds: number[] = [];
  // The first two runs of a fresh graph lay out memory.
  for (let run = 0; run < Number(values.repeats) + 2; run += 1) {
    const started = performance.now();
    await work();
    seconds.push((performance.now() - started) / 1000);
  }
  return Math.min(...seconds.slice(2));
}

const runtime = new OnnxRuntime({ provider: "cpu", threads: Number(values.threads) }, "");
const architecture = deepLabOf(values.backbone, NUM_CLASSES, 64);
const gains = { seed: 1001, head_gain: 3, res_gain: 0.2, fuse_gain: 0.1, conv_gain: 4 };
const stateDict = generateStateDict(architecture.keys, gains, 0.1);
const model = new SegmentationModel(runtime, architecture, stateDict);
const image = {
  width,
  height,
  data: Uint8Array.from({ length: 3 * width * height }, (_, k) => (k * 2654435761) >>> 24),
};
const config = adaptationConfigSchema.parse({ baseLr: 1e-4 });

async function forward(used: SegmentationModel): Promise<void> {
  const pixels = used.upload(image);
  const low = await used.logits(pixels);
  const logits = await used.enlarge(low, [height, width]);
  for (const tensor of [pixels, low, logits]) tensor.dispose();
}

/** The same weights with plain batch normalisation, as PyTorch's peer has it. */
const plain = new SegmentationModel(runtime, architecture, stateDict, 0);

const weights = new AdaptedWeights(model, splitAtFirstTrained(architecture, config.resnetLayers), config);
const features = await weights.computeConstantPart(model.upload(image));
const share = 1 / (width * height);
const target = runtime.upload(
  Float32Array.from({ length: NUM_CLASSES * width * height }, (_, k) =>
    Math.floor(k * share) === k % NUM_CLASSES ? share : 0,
  ),
  [1, NUM_CLASSES, height, width],
);

async function adapt(): Promise<void> {
  const { prediction, weights: adapted } = await selfAdapt(model, image, config);
  argmaxLabels(prediction.scores, NUM_CLASSES, height, width);
  adapted.dispose();
}

const plainForwardSeconds = await best(() => forward(plain));
await plain.programs.dispose();
const forwardSeconds = await best(() => forward(model));
const stepSeconds = await best(() => weights.step(features, target));
weights.dispose();
const adaptSeconds = await best(adapt);
console.log(
  JSON.stringify({
    forward_s: plainForwardSeconds,
    mixed_forward_s: forwardSeconds,
    step_s: stepSeconds,
    adapt_s: adaptSeconds,
    peak_rss_gb: process.resourceUsage().maxRSS / 1e6,
  }),
);
