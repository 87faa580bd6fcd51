// Prints how long opening a 100 MB checkpoint takes, and the peak memory in multiples of its size.
// Run: node test/bench/load-checkpoint.ts
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSafetensors } from "../../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import type { StateTensor } from "../../src-main/engine/checkpoints/state-dict.ts";
import { loadCheckpoint } from "../../src-main/engine/models/load-checkpoint.ts";
import { torchLegacyChunks, writeTorchCheckpoint } from "../helpers/write-torch-checkpoint.ts";

const LOAD_FLAG = "--load"; // each file is opened in a process of its own, so that peaks do not mix

const [flag, file] = process.argv.slice(2);
if (flag === LOAD_FLAG && file !== undefined) await measure(file);
else await compareFormats();

async function measure(path: string): Promise<void> {
  const residentBytes = () => process.resourceUsage().maxRSS * 1024;
  const before = residentBytes();
  const start = performance.now();
  const checkpoint = await loadCheckpoint(path);
  const elapsedMs = performance.now() - start;
  const peak = residentBytes();
  const ratio = (bytes: number) => (bytes / checkpoint.sizeBytes).toFixed(2);
  console.log(
    `${checkpoint.format.padEnd(12)} ${(checkpoint.sizeBytes / 1e6).toFixed(1)} MB, ${checkpoint.stateDict.size} tensors:`,
    `${elapsedMs.toFixed(0)} ms, peak ${ratio(peak)} x size (${ratio(peak - before)} x above the empty process)`,
  );
}

async function compareFormats(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "acclimate-bench-"));
  try {
    const tensors = hundredMegabytes();
    const zip = join(folder, "zip.pth");
    const legacy = join(folder, "legacy.pth");
    const safetensors = join(folder, "plain.safetensors");
    await writeTorchCheckpoint(zip, tensors);
    await writeFile(legacy, torchLegacyChunks(tensors));
    await writeSafetensors(safetensors, tensors);
    for (const path of [zip, legacy, safetensors]) {
      execFileSync(process.execPath, [import.meta.filename, LOAD_FLAG, path], { stdio: "inherit" });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Like DeepLabv1-ResNet-50: 375 entries, a sixth of them single int64 counters. */
function hundredMegabytes(): Map<string, StateTensor> {
  const tensors = new Map<string, StateTensor>();
  for (let i = 0; i < 312; i++) {
    const data = new Float32Array(80_000).fill(i);
    tensors.set(`module.layer${i}.weight`, { dtype: "float32", shape: [80_000], data });
  }
  for (let i = 0; i < 63; i++) {
    tensors.set(`module.bn${i}.num_batches_tracked`, { dtype: "int64", shape: [], data: BigInt64Array.of(7n) });
  }
  return tensors;
}
