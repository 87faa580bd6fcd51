// Times training steps on ONNX Runtime in a process of its own, so that its peak memory is its own; prints one line of JSON.
import { parseArgs } from "node:util";
import { SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import { initialStateDict } from "../../src-main/engine/methods/source-training/initial-state-dict.ts";
import { TrainedWeights } from "../../src-main/engine/methods/source-training/trained-weights.ts";
import type { TrainingBatch } from "../../src-main/engine/methods/source-training/training-batch.ts";
import { deepLabOf } from "../../src-main/engine/models/detect-architecture.ts";
import { createRandom } from "../../src-main/engine/random.ts";
import { OnnxRuntime } from "../../src-main/engine/runtimes/onnx/onnx-runtime.ts";
import { trainingConfigSchema } from "../../src-shared/contract/training-config.ts";

const { values } = parseArgs({
  options: {
    backbone: { type: "string", default: "resnet50" },
    batch: { type: "string", default: "2" },
    height: { type: "string", default: "256" },
    width: { type: "string", default: "256" },
    threads: { type: "string", default: "2" },
    repeats: { type: "string", default: "3" },
    /** Where ONNX Runtime's own profile goes; without it there is none. */
    profile: { type: "string" },
  },
});
const [size, height, width] = [Number(values.batch), Number(values.height), Number(values.width)];
const NUM_CLASSES = 19;

const profile = values.profile === undefined ? {} : { profilePrefix: values.profile };
const runtime = new OnnxRuntime({ provider: "cpu", threads: Number(values.threads), ...profile }, "");
const architecture = deepLabOf(values.backbone, NUM_CLASSES, 64);
const model = new SegmentationModel(runtime, architecture, initialStateDict(architecture, 0.1, 0));
const config = trainingConfigSchema.parse({});
const weights = new TrainedWeights(model, { ...config, cropSize: [height, width] });
const random = createRandom(1);
const batch: TrainingBatch = {
  size,
  images: Float32Array.from({ length: size * 3 * height * width }, () => random.normal()),
  labels: Int32Array.from({ length: size * height * width }, () =>
    random.next() < 0.3 ? 255 : random.integer(NUM_CLASSES),
  ),
  labelledPixels: 1,
};

const seconds: number[] = [];
// The first two runs of a fresh graph lay out memory.
for (let run = 0; run < Number(values.repeats) + 2; run += 1) {
  const started = performance.now();
  await weights.step([batch], 1e-4);
  seconds.push((performance.now() - started) / 1000);
}
weights.dispose();
await model.dispose();
console.log(
  JSON.stringify({ step_s: Math.min(...seconds.slice(2)), peak_rss_gb: process.resourceUsage().maxRSS / 1e6 }),
);
