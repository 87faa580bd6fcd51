// Makes the table of docs/entropy-balancing.md: source training, DAFormer and entropy balancing on MiT-B0, from the sample's clear
// days to its fog, night and rain.
//
// Usage: npm run make:entropy-balancing-table [-- --work FOLDER --seeds 1,2,3 --threads N]
// FOLDER (default: out/entropy-balancing) holds what is in between: the same command, given again after it was stopped, goes on there.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type DomainScores, gains, MethodTable, writeTable } from "./sample/method-table.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CROP = ["--crop-size", "128", "256"];

/** No ImageNet file lies beside the sample: the encoder learns from its clear days alone. */
const SOURCE = [
  ...["--method", "source-training", "--arch-type", "daformer_conv1", "--backbone-name", "mit_b0", ...CROP],
  ...["--optimizer", "adamw", "--weight-decay", "0.01", "--batch-size", "4", "--crop-area", "0.2", "0.5"],
  ...["--blur-radius", "0.1", "1", "--validation-step", "2"],
];
const FIRST = [...SOURCE, "--base-lr", "0.0003", "--num-epochs", "12", "--validation-start", "5"];
/** From the first one's weights, through as many steps as the adaptations: what of a gain is training on. */
const LONGER = [...SOURCE, "--base-lr", "0.00006", "--num-epochs", "4", "--validation-start", "1"];

const ADAPTED = [
  ...["--encoder", "mit_b0", "--head", "daformer_conv1", ...CROP, "--source-size", "256", "512"],
  ...["--target-size", "256", "512", "--batch-size", "2", "--epoch-steps", "24", "--num-epochs", "4"],
  ...["--warmup-steps", "10", "--rare-min-pixels", "0", "--ignored-top", "0", "--ignored-bottom", "0"],
  // The teacher of a run that is 500 times shorter than the published one follows faster.
  ...["--teacher-momentum", "0.98"],
];

const { values } = parseArgs({
  options: {
    work: { type: "string", default: join(ROOT, "out", "entropy-balancing") },
    seeds: { type: "string", default: "1,2,3" },
    threads: { type: "string" },
  },
});
const table = new MethodTable(values.work, values.threads === undefined ? [] : ["--threads", values.threads]);
await mkdir(values.work, { recursive: true });
const started = performance.now();
await table.drawScenes();

const [sources, longer, daformers, balanced]: [DomainScores[], DomainScores[], DomainScores[], DomainScores[]] = [
  [],
  [],
  [],
  [],
];
for (const seed of values.seeds.split(",")) {
  const own = ["--seed", seed];
  const source = await table.train(`source-${seed}`, false, [...FIRST, ...own]);
  sources.push(await table.scoresOf(`source-${seed}`, source));
  const start = [...own, "--initial-weights", source];
  const trained = async (name: string, hasTarget: boolean, args: readonly string[]): Promise<DomainScores> =>
    table.scoresOf(`${name}-${seed}`, await table.train(`${name}-${seed}`, hasTarget, [...args, ...start]));
  daformers.push(await trained("daformer", true, ["--method", "daformer", ...ADAPTED]));
  balanced.push(await trained("entropy-balancing", true, ["--method", "entropy-balancing", ...ADAPTED]));
  longer.push(await trained("longer", false, LONGER));
}

await writeTable(join(ROOT, "docs", "entropy-balancing.md"), [
  ["source training", sources],
  ["source training, trained on as long", longer],
  ["DAFormer", daformers],
  ["entropy balancing", balanced],
  ["gain of DAFormer over the source trained on", gains(daformers, longer)],
  ["gain of entropy balancing over DAFormer", gains(balanced, daformers)],
]);
console.log(`${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
