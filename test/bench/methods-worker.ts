// Times the work of the domain-adaptation methods on ONNX Runtime in a process of its own, so that its peak memory is its
// own; prints one line of JSON. Beside it stands torch_methods_peer.py, which does the same in PyTorch.
import { parseArgs } from "node:util";
import { daSac } from "../../src-main/engine/methods/da-sac/method.ts";
import { SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import { StepPrograms } from "../../src-main/engine/methods/shared/step-programs.ts";
import { trainingGraph } from "../../src-main/engine/methods/source-training/training-graph.ts";
import type { Architecture } from "../../src-main/engine/models/architecture.ts";
import { daSacNetwork } from "../../src-main/engine/models/da-sac-networks.ts";
import { initialStateDict } from "../../src-main/engine/models/initial-state-dict.ts";
import { daformerOf } from "../../src-main/engine/models/mmseg-networks.ts";
import { createRandom } from "../../src-main/engine/random.ts";
import { OnnxRuntime } from "../../src-main/engine/runtimes/onnx/onnx-runtime.ts";
import { NetworkState } from "../../src-main/engine/training/network-state.ts";
import { adamW } from "../../src-main/engine/training/optimizers/adam.ts";
import { DAFORMER_RULES, keyedGroups } from "../../src-main/engine/training/optimizers/keyed-groups.ts";
import type { Batch, Plane } from "../../src-main/engine/training/samples/sample.ts";
import { daSacConfigSchema } from "../../src-shared/contract/training/da-sac.ts";
import { sourceTrainingConfigSchema } from "../../src-shared/contract/training/source-training.ts";
import { openSourceSteps } from "../helpers/source-steps.ts";

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "deeplabv2" },
    work: { type: "string", default: "train" },
    batch: { type: "string", default: "2" },
    height: { type: "string", default: "256" },
    width: { type: "string", default: "256" },
    threads: { type: "string", default: "2" },
    repeats: { type: "string", default: "3" },
    /** Where ONNX Runtime's own profile goes; without it there is none. */
    profile: { type: "string" },
  },
});
const [batchSize, height, width] = [Number(values.batch), Number(values.height), Number(values.width)];
const NUM_CLASSES = 19;
const IGNORED = 255;

const profile = values.profile === undefined ? {} : { profilePrefix: values.profile };
const runtime = new OnnxRuntime({ provider: "cpu", threads: Number(values.threads), ...profile }, "");
const random = createRandom(1);

/** One piece of work, done again and again. */
interface Work {
  run(): Promise<unknown>;
  dispose(): Promise<unknown>;
}

const NETWORKS: Readonly<Record<string, () => Architecture>> = {
  deeplabv2: () => daSacNetwork("deeplabv2_resnet101", NUM_CLASSES),
  "daformer-b0": () => daformerOf("mit_b0", NUM_CLASSES),
  "daformer-b5": () => daformerOf("mit_b5", NUM_CLASSES),
};

const isTransformer = values.model !== "deeplabv2";

const WORKS: Readonly<Record<string, (architecture: Architecture) => Promise<Work>>> = {
  /** One inference pass of a whole image, enlarged. */
  forward: async (architecture) => {
    const model = new SegmentationModel(runtime, architecture, initialStateDict(architecture, 0, 0));
    const data = Uint8Array.from({ length: 3 * width * height }, (_, k) => (k * 2654435761) >>> 24);
    const run = async () => {
      const pixels = model.upload({ width, height, data });
      const low = await model.logits(pixels);
      const logits = await model.enlarge(low, [height, width]);
      for (const tensor of [pixels, low, logits]) tensor.dispose();
    };
    return { run, dispose: () => model.dispose() };
  },
  /** One supervised step, by batch statistics. */
  train: async (architecture) => {
    if (isTransformer) return transformerTraining(architecture);
    const config = sourceTrainingConfigSchema.parse({ cropSize: [height, width], batchSize, baseLr: 1e-4 });
    const start = { architecture, start: initialStateDict(architecture, 0, 0) };
    const opened = await openSourceSteps(runtime, config, { start });
    const batch = labelled("source");
    return { run: () => opened.step(batch), dispose: () => opened.dispose() };
  },
  /** A labelled batch, and as many crops of a target image as the teacher tells the student about; the teacher follows. */
  teacher: async () => {
    if (isTransformer) throw new Error("the teacher's step is DA-SAC's, of deeplabv2");
    const config = daSacConfigSchema.parse({
      cropSize: [height, width],
      sourceBatchSize: batchSize,
      targetImages: 1,
      copies: batchSize,
      baseLr: 1e-4,
      teacherInterval: 1,
    });
    const specs = daSac.networks(config, null);
    const networks = new NetworkState(runtime, specs);
    const runner = await daSac.open({ config, runtime, networks, steps: 1000, stepsPerEpoch: 1000, state: null });
    const batch = { ...labelled("source"), ...crops() };
    let index = 0;
    const run = async () => {
      await networks.atomically(() => runner.step(batch, { index, epoch: 0, indexInEpoch: index, signal: undefined }));
      index += 1;
    };
    return { run, dispose: () => runner.dispose() };
  },
};

/** AdamW by DAFormer's groups, without stochastic depth, as the peer trains. */
function transformerTraining(architecture: Architecture): Work {
  const networks = new NetworkState(runtime, { net: { architecture, start: initialStateDict(architecture, 0, 0) } });
  const programs = new StepPrograms(runtime);
  const optimizer = adamW(keyedGroups(0.01, DAFORMER_RULES));
  const settings = { places: "nowhere", auxWeight: 0, hasAverage: false, addsGradients: false } as const;
  const build = () => {
    const size: [number, number] = [height, width];
    return trainingGraph(architecture, batchSize, size, { ...settings, result: "update", isPart: false }, optimizer);
  };
  const { "source.image": image, "source.labels": labels } = labelled("source");
  if (image === undefined || labels === undefined) throw new Error("no batch");
  const planes = { image, labels };
  let index = 0;
  const step = async () => {
    const inputs = { tensors: new Map(), planes, scalars: optimizer.scalars(1e-5, index) };
    const outputs = await programs.runOn(networks.network("net"), optimizer, "train", build, inputs);
    for (const tensor of outputs.values()) tensor.dispose();
    index += 1;
  };
  return { run: () => networks.atomically(step), dispose: () => programs.dispose() };
}

function labelled(stream: string): Batch {
  const labels = Uint8Array.from({ length: batchSize * height * width }, () =>
    random.next() < 0.1 ? IGNORED : random.integer(NUM_CLASSES),
  );
  return {
    [`${stream}.image`]: noise([batchSize, 3, height, width]),
    [`${stream}.labels`]: { shape: [batchSize, height, width], data: labels },
  };
}

function crops(): Batch {
  const identity = Float32Array.from({ length: 6 * batchSize }, (_, k) => (k % 6 === 0 || k % 6 === 4 ? 1 : 0));
  const affine = { shape: [1, batchSize, 2, 3], data: identity };
  const labels = { shape: [1, batchSize, height, width], data: new Int32Array(batchSize * height * width) };
  const [student, teacher] = [noise([1, batchSize, 3, height, width]), noise([1, batchSize, 3, height, width])];
  return {
    "target.student": student,
    "target.teacher": teacher,
    "target.labels": labels,
    "target.affine": affine,
    "target.affineInverse": affine,
  };
}

function noise(shape: readonly number[]): Plane {
  const length = shape.reduce((product, side) => product * side, 1);
  return { shape, data: Float32Array.from({ length }, () => random.normal()) };
}

const network = NETWORKS[values.model];
const prepare = WORKS[values.work];
if (network === undefined || prepare === undefined) throw new Error(`no ${values.model} or no work ${values.work}`);
const work = await prepare(network());

const seconds: number[] = [];
// The first two runs of a fresh graph lay out memory.
for (let run = 0; run < Number(values.repeats) + 2; run += 1) {
  const started = performance.now();
  await work.run();
  seconds.push((performance.now() - started) / 1000);
}
await work.dispose();
console.log(JSON.stringify({ s: Math.min(...seconds.slice(2)), peakRssGb: process.resourceUsage().maxRSS / 1e6 }));
