// Speed and memory of the domain-adaptation methods' work against PyTorch on the same cores: runs both in turn, prints ratios.
// node test/bench/methods-against-pytorch.ts [--python python3] [--models deeplabv2] [--works forward,train,teacher] [--sizes 256x256,512x512]
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { allocatorSettings } from "../../src-main/jobs/allocator-settings.ts";

const { values } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    models: { type: "string", default: "deeplabv2" },
    works: { type: "string", default: "forward,train,teacher" },
    sizes: { type: "string", default: "256x256,512x512" },
    batch: { type: "string", default: "2" },
    repeats: { type: "string", default: "3" },
    threads: { type: "string", default: "2" },
    rounds: { type: "string", default: "2" },
  },
});

interface Figures {
  readonly seconds: number;
  readonly peakGb: number;
}

/** One kind of work of one model at one size. */
interface Case {
  readonly model: string;
  readonly work: string;
  readonly size: string;
}

/** As the launcher sets it for the engine. PyTorch runs as it comes. */
const KEEP_MEMORY = allocatorSettings();

function lastLine(command: string, script: string, { model, work, size }: Case, more: readonly string[]) {
  const [height = "", width = ""] = size.split("x");
  const { batch, threads, repeats } = values;
  const asked = { model, work, batch, height, width, threads, repeats };
  const args = Object.entries(asked).flatMap(([name, value]) => [`--${name}`, value]);
  const env = command === process.execPath ? { ...process.env, ...KEEP_MEMORY } : process.env;
  const path = fileURLToPath(new URL(script, import.meta.url));
  const output = execFileSync(command, [path, ...args, ...more], { env, encoding: "utf8" });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Readonly<Record<string, number | string>>;
}

function ours(one: Case): Figures {
  const { s, peakRssGb } = lastLine(process.execPath, "methods-worker.ts", one, []);
  return { seconds: Number(s), peakGb: Number(peakRssGb) };
}

let torch = "";

function peer(one: Case): Figures {
  const figures = lastLine(values.python, "torch_methods_peer.py", one, ["--json"]);
  torch = String(figures.torch);
  return { seconds: Number(figures[`${one.work}_s`]), peakGb: Number(figures[`peak_rss_gb_after_${one.work}`]) };
}

/** The best of several rounds, in which the two take turns: so a busy minute of the machine hits both. */
function bestOf(rounds: readonly Figures[]): Figures {
  return rounds.reduce((best, round) => (round.seconds < best.seconds ? round : best));
}

const cases = values.models.split(",").flatMap((model) => {
  return values.sizes.split(",").flatMap((size) => values.works.split(",").map((work) => ({ model, work, size })));
});
console.log(`${cpus()[0]?.model.trim()}, ${values.threads} threads, batch ${values.batch} (forward: 1)\n`);
console.log("| model | size | figure | PyTorch | Acclimate | ratio (above 1: Acclimate is better) |");
console.log("| --- | --- | --- | ---: | ---: | ---: |");
for (const one of cases) {
  const rounds = Array.from({ length: Number(values.rounds) }, () => ({ peer: peer(one), ours: ours(one) }));
  const [theirs, own] = [bestOf(rounds.map((round) => round.peer)), bestOf(rounds.map((round) => round.ours))];
  const rows = [
    [one.work, theirs.seconds, own.seconds, "s"],
    [`${one.work}, peak memory`, theirs.peakGb, own.peakGb, "GB"],
  ] as const;
  for (const [figure, before, after, unit] of rows) {
    const ratio = (before / after).toFixed(2);
    console.log(
      `| ${one.model} | ${one.size} | ${figure} | ${before.toFixed(2)} ${unit} | ${after.toFixed(2)} ${unit} | ${ratio} |`,
    );
  }
}
console.log(`\nPyTorch ${torch}.`);
