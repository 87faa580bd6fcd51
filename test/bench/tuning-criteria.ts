// How well criteria without labels order settings of self-adaptation: rank correlation with mean IoU over many runs.
//
// Usage: node test/bench/tuning-criteria.ts [--checkpoint FILE] [--images FOLDER] [--settings 20] [--per-domain 2] [--first 0] [--seed 1] [--minutes 60]
//        [--json FILE]
// FOLDER holds <domain>/images and <domain>/labels, as `acclimate sample` writes them. Settings are drawn at random; each is
// run once an image (its middle, to be cheap) and looked at after several iterations. Prints Markdown tables for docs/tuning.md.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openLabelledFolder } from "../../src-main/engine/datasets/labelled-folder.ts";
import { runTrial, type TrialImage } from "../../src-main/engine/evaluation/tuning/run-trial.ts";
import { resizedCrop, resizedLabelCrop } from "../../src-main/engine/images/resized-crop.ts";
import type { LabelMap, RgbImage } from "../../src-main/engine/images/rgb-image.ts";
import { SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import { segmentationScores } from "../../src-main/engine/metrics/iou.ts";
import { detectArchitecture } from "../../src-main/engine/models/detect-architecture.ts";
import { loadCheckpoint } from "../../src-main/engine/models/load-checkpoint.ts";
import { createRandom } from "../../src-main/engine/random.ts";
import { createRuntime } from "../../src-main/engine/runtimes/create-runtime.ts";
import { SAMPLE_DOMAINS } from "../../src-main/engine/sample/render-sample-scene.ts";
import { type AdaptationConfig, adaptationConfigSchema } from "../../src-shared/contract/adaptation-config.ts";
import {
  CRITERIA,
  type LabelFreeCriterion,
  type TrialIteration,
  TUNING_CRITERIA,
} from "../../src-shared/contract/tuning.ts";
import { rankCorrelation } from "../helpers/rank-correlation.ts";

type Setting = AdaptationConfig & { readonly alpha: number };

interface Outcome {
  readonly domain: string;
  readonly image: number;
  readonly setting: number;
  readonly iteration: TrialIteration;
  readonly miou: number;
}

const CHOICES = {
  alpha: [0, 0.05, 0.1, 0.2, 0.3, 0.5],
  baseLr: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  threshold: [0.3, 0.5, 0.7, 0.9],
  resnetLayers: [[], [1], [1, 2], [1, 2, 3]],
  scales: [
    [0.25, 0.5, 0.75],
    [0.5, 0.75, 1],
    [0.75, 1, 1.25],
  ],
} as const;
const ITERATIONS = [1, 3, 6, 10];
/** Of what is cut out of the middle of an image: its scale stays. */
const CROP = { width: 256, height: 192 };
const PUBLISHED: Setting = { ...adaptationConfigSchema.parse({ numEpochs: Math.max(...ITERATIONS) }), alpha: 0.1 };
const LABEL_FREE = TUNING_CRITERIA.filter((criterion) => criterion !== "miou");

const { values } = parseArgs({
  options: {
    checkpoint: { type: "string", default: "resources/sample/checkpoint.safetensors" },
    images: { type: "string", default: "resources/sample" },
    settings: { type: "string", default: "20" },
    "per-domain": { type: "string", default: "2" },
    first: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "60" },
    json: { type: "string" },
  },
});

const random = createRandom(Number(values.seed));
const settings = [PUBLISHED, ...Array.from({ length: Number(values.settings) - 1 }, drawSetting)];
const outcomes = await runAll();
await printTables(outcomes);

async function runAll(): Promise<Outcome[]> {
  const { stateDict } = await loadCheckpoint(values.checkpoint);
  const architecture = detectArchitecture(stateDict, values.checkpoint);
  const runtime = await createRuntime({ runtime: "onnx", provider: "cpu", threads: undefined });
  const images: { domain: string; image: number; data: TrialImage }[] = [];
  for (const domain of SAMPLE_DOMAINS) {
    const root = join(values.images, domain);
    if (!existsSync(root)) continue;
    const data = await openLabelledFolder(root, architecture.numClasses);
    const first = Number(values.first);
    const end = Math.min(data.count, first + Number(values["per-domain"]));
    for (let image = first; image < end; image++)
      images.push({ domain, image, data: middleOf(await data.read(image)) });
  }
  const found: Outcome[] = [];
  const end = performance.now() + 60_000 * Number(values.minutes);
  for (const [setting, config] of settings.entries()) {
    if (performance.now() > end) break;
    const model = new SegmentationModel(runtime, architecture, stateDict, config.alpha);
    for (const { domain, image, data } of images) {
      const { iterations } = await runTrial(model, data, config, {
        looksAt: (iteration) => ITERATIONS.includes(iteration),
        withViews: true,
      }).catch(() => ({ iterations: [] }));
      for (const iteration of iterations) {
        const counts = Float64Array.from(iteration.confusion ?? []);
        const { meanIou: miou } = segmentationScores({ numClasses: architecture.numClasses, counts });
        found.push({ domain, image, setting, iteration, miou });
      }
    }
    await model.dispose();
    process.stderr.write(`\r${setting + 1}/${settings.length} settings`);
  }
  process.stderr.write("\n");
  return found;
}

async function printTables(found: readonly Outcome[]): Promise<void> {
  const sha256 = createHash("sha256")
    .update(await readFile(values.checkpoint))
    .digest("hex");
  console.log(
    `Checkpoint ${sha256.slice(0, 12)}, ${new Set(found.map(({ setting }) => setting)).size} settings, iterations 0, ${ITERATIONS.join(", ")},`,
  );
  console.log(
    `${values["per-domain"]} images a domain from the ${values.first}th on, seed ${values.seed}: ${found.length} predictions.\n`,
  );
  const groups = [...Map.groupBy(found, ({ domain, image }) => `${domain} ${image}`)];
  const domains = [...new Set(found.map(({ domain }) => domain))];
  console.log(`| criterion | ${domains.join(" | ")} | mean | least | lost mean IoU |`);
  console.log(`| --- | ${domains.map(() => "---: | ").join("")}---: | ---: | ---: |`);
  for (const criterion of LABEL_FREE) {
    const correlations = groups.map(([name, members]) => ({
      name,
      value: rankCorrelation(
        members.map((outcome) => goodness(outcome, criterion)),
        members.map(({ miou }) => miou),
      ),
    }));
    const perDomain = domains.map((domain) =>
      mean(correlations.filter(({ name }) => name.startsWith(`${domain} `)).map(({ value }) => value)),
    );
    const all = correlations.map(({ value }) => value);
    const cells = [...perDomain, mean(all), Math.min(...all)].map((value) => value.toFixed(2));
    const lost = mean(groups.map(([, members]) => lostMiou(members, criterion)));
    console.log(`| ${CRITERIA[criterion].title} | ${cells.join(" | ")} | ${(100 * lost).toFixed(1)} |`);
  }
  const unadapted = groups.map(([, members]) => Math.max(...members.map(({ miou }) => miou)) - stored(members));
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ settings, outcomes: found }));
  console.log(
    `\nThe best setting of an image is ${(100 * mean(unadapted)).toFixed(1)} points above alpha 0.1 unadapted.`,
  );
}

/** How far the criterion's favourite is below the best of the same image. */
function lostMiou(members: readonly Outcome[], criterion: LabelFreeCriterion): number {
  const favourite = members.reduce((best, one) => (goodness(one, criterion) > goodness(best, criterion) ? one : best));
  return Math.max(...members.map(({ miou }) => miou)) - favourite.miou;
}

/** The published recipe's starting point: setting 0 without adaptation. */
function stored(members: readonly Outcome[]): number {
  return members.find(({ setting, iteration }) => setting === 0 && iteration.iteration === 0)?.miou ?? Number.NaN;
}

function middleOf({ image, labels }: { readonly image: RgbImage; readonly labels: LabelMap }): TrialImage {
  const { width, height } = CROP;
  const box = { left: (image.width - width) >> 1, top: (image.height - height) >> 1, width, height };
  return { image: resizedCrop(image, box, width, height), labels: resizedLabelCrop(labels, box, width, height) };
}

function goodness({ iteration }: Outcome, criterion: LabelFreeCriterion): number {
  const value = iteration.figures[criterion] ?? Number.NaN;
  return CRITERIA[criterion].isLessBetter ? -value : value;
}

function drawSetting(): Setting {
  return {
    ...PUBLISHED,
    alpha: random.pick(CHOICES.alpha),
    baseLr: random.pick(CHOICES.baseLr),
    threshold: random.pick(CHOICES.threshold),
    resnetLayers: [...random.pick<readonly number[]>(CHOICES.resnetLayers)],
    scales: [...random.pick(CHOICES.scales)],
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
