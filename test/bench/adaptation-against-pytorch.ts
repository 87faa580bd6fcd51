// Adaptation speed and memory against PyTorch on the same cores: runs both in turn and prints ratios as a Markdown table.
// node test/bench/adaptation-against-pytorch.ts [--python /usr/bin/python3] [--sizes 256x512,512x1024] [--repeats 3]
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { allocatorSettings } from "../../src-main/jobs/allocator-settings.ts";

const { values } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    sizes: { type: "string", default: "256x512,512x1024" },
    repeats: { type: "string", default: "3" },
    threads: { type: "string", default: "2" },
  },
});

interface Figures {
  readonly forward_s: number;
  /** With the image's own statistics mixed in, which PyTorch's peer has not. */
  readonly mixed_forward_s?: number;
  readonly step_s: number;
  readonly adapt_s: number;
  readonly peak_rss_gb: number;
  readonly torch?: string;
}

/** As the launcher sets it: both sides keep freed memory instead of giving it back to the system after every tensor. */
const KEEP_MEMORY = allocatorSettings();

function run(command: string, script: string, size: string): Figures {
  const [height = "", width = ""] = size.split("x");
  const path = fileURLToPath(new URL(script, import.meta.url));
  const args = [path, "--height", height, "--width", width, "--threads", values.threads, "--repeats", values.repeats];
  const output = execFileSync(command, command === process.execPath ? args : [...args, "--json"], {
    env: { ...process.env, ...KEEP_MEMORY },
    encoding: "utf8",
  });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Figures;
}

console.log(`${cpus()[0]?.model.trim()}, ${values.threads} threads\n`);
console.log("| size | figure | PyTorch | Acclimate | ratio (above 1: Acclimate is better) |");
console.log("| --- | --- | --- | --- | --- |");
for (const size of values.sizes.split(",")) {
  const ours = run(process.execPath, "adaptation-worker.ts", size);
  const peer = run(values.python, "torch_peer.py", size);
  const rows = [
    ["forward, alpha 0", peer.forward_s, ours.forward_s, "s"],
    ["forward, alpha 0.1", peer.forward_s, ours.mixed_forward_s ?? Number.NaN, "s"],
    ["step", peer.step_s, ours.step_s, "s"],
    ["adapt", peer.adapt_s, ours.adapt_s, "s"],
    ["peak memory", peer.peak_rss_gb, ours.peak_rss_gb, "GB"],
  ] as const;
  for (const [name, theirs, mine, unit] of rows) {
    const [left, right] = [theirs, mine].map((value) => `${value.toFixed(2)} ${unit}`);
    console.log(`| ${size} | ${name} | ${left} (${peer.torch}) | ${right} | ${(theirs / mine).toFixed(2)} |`);
  }
}
