// Times training steps on ONNX Runtime in a process of its own, so that its peak memory is its own; prints one line of JSON.
import { parseArgs } from "node:util";
import { deepLabOf } from "../../src-main/engine/models/detect-architecture.ts";
import { initialStateDict } from "../../src-main/engine/models/initial-state-dict.ts";
import { createRandom } from "../../src-main/engine/random.ts";
import { OnnxRuntime } from "../../src-main/engine/runtimes/onnx/onnx-runtime.ts";
import type { Batch } from "../../src-main/engine/training/samples/sample.ts";
import { sourceTrainingConfigSchema } from "../../src-shared/contract/training/source-training.ts";
import { openSourceSteps } from "../helpers/source-steps.ts";

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
const config = sourceTrainingConfigSchema.parse({
  cropSize: [height, width],
  batchSize: size,
  baseLr: 1e-4,
  alpha: 0.1,
});
const start = { architecture, start: initialStateDict(architecture, 0.1, 0) };
const opened = await openSourceSteps(runtime, config, { start });
const random = createRandom(1);
const batch: Batch = {
  "source.image": {
    shape: [size, 3, height, width],
    data: Float32Array.from({ length: size * 3 * height * width }, () => random.normal()),
  },
  "source.labels": {
    shape: [size, height, width],
    data: Uint8Array.from({ length: size * height * width }, () =>
      random.next() < 0.3 ? 255 : random.integer(NUM_CLASSES),
    ),
  },
};

const seconds: number[] = [];
// The first two runs of a fresh graph lay out memory.
for (let run = 0; run < Number(values.repeats) + 2; run += 1) {
  const started = performance.now();
  await opened.step(batch);
  seconds.push((performance.now() - started) / 1000);
}
await opened.dispose();
console.log(
  JSON.stringify({ step_s: Math.min(...seconds.slice(2)), peak_rss_gb: process.resourceUsage().maxRSS / 1e6 }),
);
