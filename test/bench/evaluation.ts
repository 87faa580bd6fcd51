// Whether an evaluation keeps the engine busy and its memory flat: share of time the engine waits between 20 images of equal
// size, and memory over 200 small images. Usage: node test/bench/evaluation.ts (after npm run build; on an idle machine)
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { allocatorSettings } from "../../src-main/jobs/allocator-settings.ts";
import { ROOT, runCli } from "../helpers/run-cli.ts";

const messageSchema = z.object({
  event: z.object({ type: z.string(), done: z.number().optional() }),
  rssBytes: z.number(),
});

interface Evaluated {
  /** What the command says about the engine's waiting. */
  readonly waiting: string;
  /** Resident memory after each image. */
  readonly rssBytes: readonly number[];
}

/** Runs the command line's own program, whose events come back to the process that starts it. */
function evaluate(args: readonly string[], folder: string): Promise<Evaluated> {
  const child = fork(join(ROOT, "dist", "acclimate.js"), ["evaluate", ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // As the launcher sets them: freed tensors are kept for the next ones.
    env: { ...process.env, ...allocatorSettings() },
  });
  const rssBytes: number[] = [];
  let words = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    words += chunk.toString();
  });
  child.on("message", (message) => {
    const { event, rssBytes: bytes } = messageSchema.parse(message);
    if (event.type === "imageEvaluated") rssBytes.push(bytes);
  });
  return new Promise((resolve, reject) => {
    child.on("close", (code) => {
      const [waiting] = /the engine waited .*/.exec(words) ?? [];
      if (code === 0 && waiting !== undefined) resolve({ waiting, rssBytes });
      else reject(new Error(`ended with ${code}: ${words}`));
    });
  });
}

const megabytes = (bytes: number | undefined): string => `${((bytes ?? 0) / 1e6).toFixed(0)} MB`;

const folder = mkdtempSync(join(tmpdir(), "acclimate-evaluation-"));
const checkpoint = ["--checkpoint", join(ROOT, "resources", "sample", "checkpoint.safetensors")];
try {
  console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} cores\n`);
  await runCli(["sample", "--output", "twenty", "--count", "20", "--domain", "fog", "--size", "512x256"], folder);
  for (const method of ["predict", "tta", "adapt"]) {
    const { waiting } = await evaluate(["twenty", ...checkpoint, "--method", method, "--output", method], folder);
    console.log(`20 images of 512 x 256, ${method}: ${waiting}   goal < 5 %`);
  }
  await runCli(["sample", "--output", "many", "--count", "200", "--domain", "fog", "--size", "128x64"], folder);
  const { rssBytes } = await evaluate(["many", ...checkpoint, "--method", "tta", "--output", "many-tta"], folder);
  for (const after of [10, 50, 100, 150, 200]) {
    console.log(
      `memory after ${String(after).padStart(3)} of 200 images of 128 x 64: ${megabytes(rssBytes[after - 1])}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
