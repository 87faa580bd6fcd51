// Training speed and memory against PyTorch on the same cores: runs both in turn and prints ratios as a Markdown table.
// node test/bench/training-against-pytorch.ts [--python /usr/bin/python3] [--sizes 256x256,512x512] [--batch 2] [--repeats 3]
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { allocatorSettings } from "../../src-main/jobs/allocator-settings.ts";

const { values } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    sizes: { type: "string", default: "256x256,512x512" },
    backbone: { type: "string", default: "resnet50" },
    batch: { type: "string", default: "2" },
    repeats: { type: "string", default: "3" },
    threads: { type: "string", default: "2" },
    rounds: { type: "string", default: "2" },
  },
});

interface Figures {
  readonly step_s: number;
  readonly peak_rss_gb: number;
  readonly torch?: string;
}

/** As the launcher sets it: both sides keep freed memory instead of giving it back to the system after every tensor. */
const KEEP_MEMORY = allocatorSettings();

function run(command: string, script: string, size: string): Figures {
  const [height = "", width = ""] = size.split("x");
  const { backbone, batch, threads, repeats } = values;
  const asked = { backbone, batch, height, width, threads, repeats };
  const args = Object.entries(asked).flatMap(([name, value]) => [`--${name}`, value]);
  const path = fileURLToPath(new URL(script, import.meta.url));
  const output = execFileSync(command, [path, ...args, ...(command === process.execPath ? [] : ["--json"])], {
    env: { ...process.env, ...KEEP_MEMORY },
    encoding: "utf8",
  });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Figures;
}

/** The best of several rounds, in which the two take turns: so a busy minute of the machine hits both. */
function bestOf(rounds: readonly Figures[]): Figures {
  return rounds.reduce((best, round) => (round.step_s < best.step_s ? round : best));
}

console.log(`${cpus()[0]?.model.trim()}, ${values.threads} threads, ${values.backbone}, batch ${values.batch}\n`);
console.log("| size | figure | PyTorch | Acclimate | ratio (above 1: Acclimate is better) |");
console.log("| --- | --- | --- | --- | --- |");
for (const size of values.sizes.split(",")) {
  const rounds = Array.from({ length: Number(values.rounds) }, () => ({
    ours: run(process.execPath, "training-worker.ts", size),
    peer: run(values.python, "torch_training_peer.py", size),
  }));
  const ours = bestOf(rounds.map((round) => round.ours));
  const peer = bestOf(rounds.map((round) => round.peer));
  const rows = [
    ["training step", peer.step_s, ours.step_s, "s"],
    ["peak memory", peer.peak_rss_gb, ours.peak_rss_gb, "GB"],
  ] as const;
  for (const [name, theirs, mine, unit] of rows) {
    const [left, right] = [theirs, mine].map((value) => `${value.toFixed(2)} ${unit}`);
    console.log(`| ${size} | ${name} | ${left} (${peer.torch}) | ${right} | ${(theirs / mine).toFixed(2)} |`);
  }
}
