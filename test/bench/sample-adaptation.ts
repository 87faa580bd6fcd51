// What the methods bring on the sample: mean IoU per domain, pooled over its images, as a Markdown table.
//
// Usage: node test/bench/sample-adaptation.ts [--checkpoint FILE] [--images FOLDER] [--tune] [adaptation options as JSON]
// FOLDER holds <domain>/images and <domain>/labels, as `acclimate sample` writes them. With --tune the parameters of
// self-adaptation are searched one after another on FOLDER: search on other scenes than you report on.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadCheckpoint } from "../../src-main/engine/checkpoints/load-checkpoint.ts";
import type { StateDict } from "../../src-main/engine/checkpoints/state-dict.ts";
import { openLabelledFolder } from "../../src-main/engine/datasets/labelled-folder.ts";
import type { LabelledImages } from "../../src-main/engine/datasets/labelled-images.ts";
import { SAMPLE_DOMAINS, type SampleDomain } from "../../src-main/engine/datasets/sample/render-sample-scene.ts";
import { argmaxLabels } from "../../src-main/engine/images/argmax.ts";
import type { RgbImage } from "../../src-main/engine/images/rgb-image.ts";
import { predict } from "../../src-main/engine/methods/inference/predict.ts";
import { selfAdapt } from "../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import { SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import { testTimeAugmentation } from "../../src-main/engine/methods/test-time-augmentation/test-time-augmentation.ts";
import { addToConfusionMatrix, emptyConfusionMatrix } from "../../src-main/engine/metrics/confusion-matrix.ts";
import { segmentationScores } from "../../src-main/engine/metrics/iou.ts";
import type { Architecture } from "../../src-main/engine/models/architecture.ts";
import { detectArchitecture } from "../../src-main/engine/models/detect-architecture.ts";
import { createRuntime } from "../../src-main/engine/runtimes/create-runtime.ts";
import type { Runtime } from "../../src-main/engine/runtimes/runtime.ts";
import { type AdaptationConfig, adaptationConfigSchema } from "../../src-shared/contract/adaptation-config.ts";

/** Scores [1, K, H, W] of one image. */
type Method = (model: SegmentationModel, image: RgbImage) => Promise<Float32Array>;

/** Self-adaptation's parameters and the alpha it starts from. */
type Parameters = AdaptationConfig & { readonly alpha: number };

interface Row {
  readonly name: string;
  readonly alpha: number;
  readonly method: Method;
}

interface Sample {
  readonly runtime: Runtime;
  readonly architecture: Architecture;
  readonly stateDict: StateDict;
  readonly domains: ReadonlyMap<SampleDomain, LabelledImages>;
}

const SAN_ALPHA = 0.1;
const SOURCE_DOMAIN: SampleDomain = "clear";
const DEFAULTS: Parameters = { ...adaptationConfigSchema.parse({}), alpha: SAN_ALPHA };

/** What the search tries, one parameter after the other, each with the best values found so far. */
const SEARCHED: readonly { [K in keyof Parameters]?: Parameters[K] }[][] = [
  [0.002, 0.005, 0.01, 0.02, 0.1].map((baseLr) => ({ baseLr })),
  [0, 0.2, 0.3, 0.5].map((alpha) => ({ alpha })),
  [0.5, 0.9].map((threshold) => ({ threshold })),
  [3, 5, 20].map((numEpochs) => ({ numEpochs })),
  [[], [1], [1, 2, 3]].map((resnetLayers) => ({ resnetLayers })),
  [
    [0.5, 0.75, 1],
    [0.75, 1, 1.25],
  ].map((scales) => ({ scales })),
];

const { values, positionals } = parseArgs({
  options: {
    checkpoint: { type: "string", default: "resources/sample/checkpoint.safetensors" },
    images: { type: "string", default: "resources/sample" },
    tune: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const sample = await openSample(values.checkpoint, values.images);
if (values.tune) await tune(sample);
else await report(sample, { ...DEFAULTS, ...JSON.parse(positionals[0] ?? "{}") });

async function openSample(checkpoint: string, folder: string): Promise<Sample> {
  const { stateDict } = await loadCheckpoint(checkpoint);
  const architecture = detectArchitecture(stateDict, checkpoint);
  const domains = new Map<SampleDomain, LabelledImages>();
  for (const domain of SAMPLE_DOMAINS) {
    const root = join(folder, domain);
    if (existsSync(root)) domains.set(domain, await openLabelledFolder(root, architecture.numClasses));
  }
  const runtime = await createRuntime({ runtime: "onnx", provider: "cpu", threads: undefined });
  return { runtime, architecture, stateDict, domains };
}

async function report(sample: Sample, tuned: Parameters): Promise<void> {
  const rows: Row[] = [
    { name: "source only (alpha 0)", alpha: 0, method: inference },
    sanRow(SAN_ALPHA),
    { name: "test-time augmentation", alpha: SAN_ALPHA, method: augmentation },
    { name: "self-adaptation, default parameters", alpha: SAN_ALPHA, method: adaptation(DEFAULTS) },
  ];
  if (JSON.stringify(tuned) !== JSON.stringify(DEFAULTS)) {
    // Another alpha changes plain inference too: what adaptation adds shows beside it.
    if (tuned.alpha !== SAN_ALPHA) rows.push(sanRow(tuned.alpha));
    rows.push({ name: `self-adaptation, tuned (alpha ${tuned.alpha})`, alpha: tuned.alpha, method: adaptation(tuned) });
  }
  const domains = [...sample.domains.keys()];
  console.log(`| mean IoU in % | ${domains.join(" | ")} | mean of the targets |`);
  console.log(`| --- | ${domains.map(() => "---: | ").join("")}---: |`);
  for (const row of rows) {
    const scores = await scoresOf(sample, row);
    const cells = [...scores.values(), targetMean(scores)].map((score) => (100 * score).toFixed(1));
    console.log(`| ${row.name} | ${cells.join(" | ")} |`);
  }
}

function sanRow(alpha: number): Row {
  return { name: `SaN inference (alpha ${alpha})`, alpha, method: inference };
}

async function tune(sample: Sample): Promise<void> {
  const targets = new Map([...sample.domains].filter(([domain]) => domain !== SOURCE_DOMAIN));
  const score = async (parameters: Parameters): Promise<number> => {
    const row = { name: "", alpha: parameters.alpha, method: adaptation(parameters) };
    return targetMean(await scoresOf({ ...sample, domains: targets }, row));
  };
  let best = { parameters: DEFAULTS, score: await score(DEFAULTS) };
  console.log(`${(100 * best.score).toFixed(1)} default`);
  for (const change of SEARCHED.flat()) {
    const parameters = { ...best.parameters, ...change };
    const found = await score(parameters).catch(() => 0);
    console.log(`${(100 * found).toFixed(1)} ${JSON.stringify(change)}`);
    if (found > best.score) best = { parameters, score: found };
  }
  console.log(`best: ${(100 * best.score).toFixed(1)} ${JSON.stringify(best.parameters)}`);
}

async function scoresOf({ runtime, architecture, stateDict, domains }: Sample, { alpha, method }: Row) {
  const { numClasses } = architecture;
  const model = new SegmentationModel(runtime, architecture, stateDict, alpha);
  const scores = new Map<SampleDomain, number>();
  for (const [domain, data] of domains) {
    const confusion = emptyConfusionMatrix(numClasses);
    for (let index = 0; index < data.count; index++) {
      const { image, labels } = await data.read(index);
      const predicted = argmaxLabels(await method(model, image), numClasses, image.height, image.width);
      addToConfusionMatrix(confusion, labels.data, predicted.data);
    }
    scores.set(domain, segmentationScores(confusion).meanIou);
  }
  await model.dispose();
  return scores;
}

function targetMean(scores: ReadonlyMap<SampleDomain, number>): number {
  const targets = [...scores].filter(([domain]) => domain !== SOURCE_DOMAIN);
  return targets.reduce((sum, [, score]) => sum + score, 0) / targets.length;
}

async function inference(model: SegmentationModel, image: RgbImage): Promise<Float32Array> {
  return (await predict(model, image)).scores;
}

async function augmentation(model: SegmentationModel, image: RgbImage): Promise<Float32Array> {
  return (await testTimeAugmentation(model, image, DEFAULTS)).scores;
}

function adaptation(parameters: Parameters): Method {
  return async (model, image) => {
    const { prediction, weights } = await selfAdapt(model, image, parameters);
    weights.dispose();
    return prediction.scores;
  };
}
