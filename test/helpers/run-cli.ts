// Runs the built command line as a user's shell does: as a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LAUNCHER = join(ROOT, "bin", "acclimate.js");
export const PINNED_NODE = join(dirname(createRequire(import.meta.url).resolve("node/package.json")), "bin", "node");

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function startCli(args: readonly string[], cwd: string): ChildProcess {
  return spawn(process.execPath, [LAUNCHER, ...args], { cwd });
}

export function runCli(args: readonly string[], cwd: string): Promise<CliResult> {
  return ended(startCli(args, cwd));
}

/** The same under a shell's limits, such as `ulimit -f 1`. */
export function runCliAfter(shellCommand: string, args: readonly string[], cwd: string): Promise<CliResult> {
  return ended(
    spawn("bash", ["-c", `${shellCommand}; exec "$@"`, "bash", process.execPath, LAUNCHER, ...args], { cwd }),
  );
}

export function ended(child: ChildProcess): Promise<CliResult> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Resolves once stdout has said `text`. */
export function hasPrinted(child: ChildProcess, text: string): Promise<void> {
  return hears(child, child.stdout, text);
}

/** Resolves once stderr has, from now on. */
export function hasSaid(child: ChildProcess, text: string): Promise<void> {
  return hears(child, child.stderr, text);
}

function hears(child: ChildProcess, stream: Readable | null, text: string): Promise<void> {
  let heard = "";
  return new Promise((resolve, reject) => {
    stream?.on("data", (chunk: Buffer) => {
      heard += chunk.toString();
      if (heard.includes(text)) resolve();
    });
    child.on("close", () => reject(new Error(`ended without "${text}": ${heard}`)));
  });
}
