// How much memory a graphics card has for the next job, where its driver can be asked.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Machine } from "../../../src-shared/contract/workbench/runs.ts";
import { bundledProviders } from "./onnx/onnx-providers.ts";

/** A driver that is waking up takes a second or two. */
const TIMEOUT_MS = 10_000;
const MEBIBYTE = 2 ** 20;

/**
 * Of the card that ONNX Runtime computes on with CUDA; other providers have no way to ask. What the processes of this program
 * hold there counts as free: the next job uses it again, or they give it back.
 *
 * @returns bytes; null for what computes elsewhere, and where the driver does not answer
 */
export async function freeDeviceMemory({
  runtime,
  provider,
}: Pick<Machine, "runtime" | "provider">): Promise<number | null> {
  const isCuda = provider === "cuda" || (provider === "auto" && bundledProviders().includes("cuda"));
  if (runtime === "tfjs" || !isCuda) return null;
  const free = freeBytesFrom(await driverSays("--query-gpu=memory.free"));
  if (free === null) return null;
  const held = heldBytesFrom(await driverSays("--query-compute-apps=pid,used_gpu_memory"));
  const ours = await Promise.all(held.map(async ({ pid, bytes }) => ((await isOfThisProgram(pid)) ? bytes : 0)));
  return ours.reduce((sum, bytes) => sum + bytes, free);
}

/** @param output  of nvidia-smi: MiB of a card */
export function freeBytesFrom(output: string): number | null {
  const mebibytes = /^\s*(\d+)\s*$/m.exec(output)?.[1];
  return mebibytes === undefined ? null : Number(mebibytes) * MEBIBYTE;
}

/** @param output  of nvidia-smi: a process a line, "1234, 560"; where the driver does not know, "[N/A]" */
export function heldBytesFrom(output: string): { readonly pid: number; readonly bytes: number }[] {
  return [...output.matchAll(/^\s*(\d+)\s*,\s*(\d+)\s*$/gm)].map(([, pid, mebibytes]) => ({
    pid: Number(pid),
    bytes: Number(mebibytes) * MEBIBYTE,
  }));
}

/** "" where there is no such driver. CUDA's variable names the cards that are used, the first of which is ours. */
function driverSays(query: string): Promise<string> {
  const card = process.env.CUDA_VISIBLE_DEVICES?.split(",")[0]?.trim() || "0";
  const words = [query, "--format=csv,noheader,nounits", "-i", card];
  return new Promise((resolve) => {
    execFile("nvidia-smi", words, { timeout: TIMEOUT_MS }, (error, output) => resolve(error === null ? output : ""));
  });
}

/** This process, or one that the same program started. The parent is the second field behind the name (proc(5)). */
async function isOfThisProgram(pid: number): Promise<boolean> {
  if (pid === process.pid) return true;
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return (
    Number(
      stat
        .slice(stat.lastIndexOf(")") + 1)
        .trim()
        .split(" ")[1],
    ) === process.ppid
  );
}
