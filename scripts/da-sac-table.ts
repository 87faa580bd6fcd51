// Makes the table of docs/da-sac.md: DA-SAC from the sample's clear days to its fog, night and rain, with three seeds.
//
// Usage: npm run make:da-sac-table [-- --work FOLDER --seeds 1,2,3 --threads N]
// FOLDER (default: out/da-sac) holds what is in between: the same command, given again after it was stopped, goes on there.
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeSafetensors } from "../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import type { StateTensor } from "../src-main/engine/checkpoints/state-dict.ts";
import { detectArchitecture } from "../src-main/engine/models/detect-architecture.ts";
import { loadCheckpoint } from "../src-main/engine/models/load-checkpoint.ts";
import { SAMPLE_DOMAINS } from "../src-main/engine/sample/render-sample-scene.ts";
import { trainingFiles } from "../src-main/engine/training/training-store.ts";
import { writeFileAtomically } from "../src-main/files/write-file-atomically.ts";
import { evaluationSummarySchema } from "../src-shared/contract/evaluation.ts";
import { acclimate } from "./sample/acclimate.ts";
import { TARGETS } from "./sample/plan.ts";
import { betweenMarkers, meanAndDeviation, meanOf } from "./sample/table.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DOCUMENT = join(ROOT, "docs", "da-sac.md");

/** The scenes of one seed serve one purpose; none is one of those that the sample's network has learnt from. */
const SCENES = [
  { name: "source", seed: 21, count: 96, domains: ["clear"] },
  { name: "target", seed: 22, count: 24, domains: TARGETS },
  { name: "validation", seed: 23, count: 6, domains: TARGETS },
  { name: "test", seed: 24, count: 20, domains: SAMPLE_DOMAINS },
] as const;

const NETWORK = [
  ...["--network", "deeplabv2_resnet18", "--width", "24", "--crop-size", "128", "256", "--source-batch-size", "4"],
];

const BASELINE = [
  ...["--method", "da-sac-baseline", "--target-batch-size", "4", "--base-lr", "0.005", "--num-epochs", "12"],
  ...["--source-scale", "0.4", "1", "--validation-start", "3", "--validation-step", "2"],
];

const CONSISTENCY = [
  ...["--method", "da-sac", "--target-images", "1", "--copies", "4", "--base-lr", "0.001", "--num-epochs", "8"],
  ...["--source-scale", "0.4", "1", "--teacher-interval", "5", "--validation-start", "0", "--validation-step", "1"],
];

type DomainScores = Readonly<Record<string, number>>;

/** Step 1 again, as long and at the same rate as step 3: what of a gain is training on. */
const LONGER_BASELINE = [
  ...["--method", "da-sac-baseline", "--target-batch-size", "4", "--base-lr", "0.001", "--num-epochs", "8"],
  ...["--source-scale", "0.4", "1", "--validation-start", "0", "--validation-step", "1"],
];

const { values } = parseArgs({
  options: {
    work: { type: "string", default: join(ROOT, "out", "da-sac") },
    seeds: { type: "string", default: "1,2,3" },
    threads: { type: "string" },
  },
});
const { work } = values;
const seeds = values.seeds.split(",");
const machine = values.threads === undefined ? [] : ["--threads", values.threads];
const folder = (name: string): string => join(work, "scenes", name);

/** The backbone of the sample's network, as an ImageNet file would have it: it has seen clear days alone. */
async function writeBackbone(path: string): Promise<void> {
  const sample = join(ROOT, "resources", "sample", "checkpoint.safetensors");
  const { stateDict } = await loadCheckpoint(sample);
  const { imagenetKey } = detectArchitecture(stateDict, sample);
  const backbone = new Map<string, StateTensor>();
  for (const [key, tensor] of stateDict) {
    const name = key.endsWith(".alpha") ? null : imagenetKey(key);
    if (name !== null) backbone.set(name, tensor);
  }
  await writeSafetensors(path, backbone);
}

async function train(output: string, args: readonly string[]): Promise<string> {
  const isStopped = existsSync(trainingFiles(output).state);
  if (existsSync(output) && !isStopped) return output;
  const data = ["--dataset-root", folder("source"), "--target-dataset-root", folder("target")];
  const chosen = ["--val-dataset-root", folder("validation"), "--val-split", "all"];
  const all = [...data, ...chosen, ...NETWORK, ...args, ...machine, "--output", output];
  await acclimate(["train", ...all, ...(isStopped ? ["--resume"] : [])]);
  return output;
}

/** Mean IoU in percent of plain prediction, by domain. */
async function scoresOf(checkpoint: string, output: string): Promise<DomainScores> {
  const args = ["evaluate", folder("test"), "--checkpoint", checkpoint, "--method", "predict", ...machine];
  const summary = evaluationSummarySchema.parse(JSON.parse(await acclimate([...args, "--output", output, "--json"])));
  return Object.fromEntries(summary.domains.map(({ name, miou }) => [name, 100 * (miou ?? Number.NaN)]));
}

await mkdir(work, { recursive: true });
const started = performance.now();
for (const { name, seed, count, domains } of SCENES) {
  const last = join(folder(name), domains.at(-1) ?? "", "labels", `${String(count - 1).padStart(3, "0")}.png`);
  if (existsSync(last)) continue;
  await acclimate([
    "sample",
    "--domain",
    ...domains,
    "--count",
    `${count}`,
    "--seed",
    `${seed}`,
    "--output",
    folder(name),
  ]);
}
const backbone = join(work, "backbone.safetensors");
if (!existsSync(backbone)) await writeBackbone(backbone);

const [baselines, longer, students]: [DomainScores[], DomainScores[], DomainScores[]] = [[], [], []];
for (const seed of seeds) {
  const path = (name: string): string => join(work, `${name}-${seed}.safetensors`);
  const own = ["--seed", seed];
  const baseline = await train(path("baseline"), [...BASELINE, ...own, "--initial-weights", backbone]);
  const start = ["--initial-weights", baseline, "--importance-weights", "count"];
  const student = await train(path("student"), [...CONSISTENCY, ...own, ...start]);
  const control = await train(path("longer"), [...LONGER_BASELINE, ...own, "--initial-weights", baseline]);
  baselines.push(await scoresOf(baseline, join(work, "evaluation", `baseline-${seed}`)));
  longer.push(await scoresOf(control, join(work, "evaluation", `longer-${seed}`)));
  students.push(await scoresOf(student, join(work, "evaluation", `student-${seed}`)));
}

const cells = (scores: readonly DomainScores[]): string[] =>
  [...SAMPLE_DOMAINS.map((domain) => [domain]), TARGETS].map((domains) =>
    meanAndDeviation(scores.map((one) => meanOf(domains.map((domain) => one[domain] ?? Number.NaN)))),
  );
const gainsOver = (others: readonly DomainScores[]): DomainScores[] =>
  students.map((own, index) =>
    Object.fromEntries(
      Object.entries(own).map(([name, score]) => [name, score - (others[index]?.[name] ?? Number.NaN)]),
    ),
  );
const head = ["mean IoU in %", ...SAMPLE_DOMAINS, `mean of ${TARGETS.join(", ")}`];
const table = [
  head,
  head.map((_, column) => (column === 0 ? "---" : "---:")),
  ["baseline (step 1)", ...cells(baselines)],
  ["baseline, trained on as long as the student", ...cells(longer)],
  ["student (step 3)", ...cells(students)],
  ["gain of the student over the baseline", ...cells(gainsOver(baselines))],
  ["gain over the baseline trained on", ...cells(gainsOver(longer))],
];
const text = table.map((row) => `| ${row.join(" | ")} |`).join("\n");
console.log(`${text}\n${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
await writeFileAtomically(DOCUMENT, [
  Buffer.from(betweenMarkers(await readFile(DOCUMENT, "utf8"), "sample-table", text)),
]);
