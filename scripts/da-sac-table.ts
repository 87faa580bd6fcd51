// Makes the table of docs/da-sac.md: DA-SAC from the sample's clear days to its fog, night and rain, with three seeds.
//
// Usage: npm run make:da-sac-table [-- --work FOLDER --seeds 1,2,3 --threads N]
// FOLDER (default: out/da-sac) holds what is in between: the same command, given again after it was stopped, goes on there.
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeSafetensors } from "../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import type { StateTensor } from "../src-main/engine/checkpoints/state-dict.ts";
import { detectArchitecture } from "../src-main/engine/models/detect-architecture.ts";
import { loadCheckpoint } from "../src-main/engine/models/load-checkpoint.ts";
import { type DomainScores, gains, MethodTable, writeTable } from "./sample/method-table.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

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
const table = new MethodTable(work, values.threads === undefined ? [] : ["--threads", values.threads]);

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

await mkdir(work, { recursive: true });
const started = performance.now();
await table.drawScenes();
const backbone = join(work, "backbone.safetensors");
if (!existsSync(backbone)) await writeBackbone(backbone);

const [baselines, longer, students]: [DomainScores[], DomainScores[], DomainScores[]] = [[], [], []];
for (const seed of seeds) {
  const trained = (name: string, args: readonly string[]): Promise<string> =>
    table.train(`${name}-${seed}`, true, [...NETWORK, ...args, "--seed", seed]);
  const baseline = await trained("baseline", [...BASELINE, "--initial-weights", backbone]);
  const start = ["--initial-weights", baseline];
  const student = await trained("student", [...CONSISTENCY, ...start, "--importance-weights", "count"]);
  const control = await trained("longer", [...LONGER_BASELINE, ...start]);
  baselines.push(await table.scoresOf(`baseline-${seed}`, baseline));
  longer.push(await table.scoresOf(`longer-${seed}`, control));
  students.push(await table.scoresOf(`student-${seed}`, student));
}

await writeTable(join(ROOT, "docs", "da-sac.md"), [
  ["baseline (step 1)", baselines],
  ["baseline, trained on as long as the student", longer],
  ["student (step 3)", students],
  ["gain of the student over the baseline", gains(students, baselines)],
  ["gain over the baseline trained on", gains(students, longer)],
]);
console.log(`${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
