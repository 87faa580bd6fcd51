#!/usr/bin/env node
// Starts Acclimate on the Node it was made for, from whichever Node (18 or newer) is installed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The oldest Node that runs the built file. */
const NEEDED_MAJOR = 24;
/** Time for the program to end by itself after a second Ctrl-C; in the middle of a long step it can't. */
const SECOND_SIGNAL_GRACE_MS = 1000;

const main = join(dirname(fileURLToPath(import.meta.url)), "..", "dist", "acclimate.js");

/**
 * Settings of the C library's memory: otherwise it hands every large tensor back to the system when it is freed, and page
 * faults then take as long as the arithmetic.
 * The engines of the window get the same by `src-main/jobs/allocator-settings.ts`.
 */
const KEEP_MEMORY = { MALLOC_MMAP_MAX_: "0", MALLOC_TRIM_THRESHOLD_: "100000000000" };

/** Environment of the program: the one place for settings that must be there before a process starts. */
function childEnvironment() {
  const told = { ...process.env, ACCLIMATE_STARTED_BY: process.versions.node }; // `doctor` says when it is too old
  return process.platform === "linux" ? { ...KEEP_MEMORY, ...told } : told;
}

/** The Node that the `node` package installs, else this one if it is new enough. */
function findNode() {
  const name = process.platform === "win32" ? "node.exe" : "node";
  try {
    const root = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    const pinned = join(root, "bin", name);
    if (existsSync(pinned)) return pinned;
  } catch {
    // Installed without it: then this Node has to do.
  }
  const major = Number(process.versions.node.split(".")[0]);
  return major >= NEEDED_MAJOR ? process.execPath : undefined;
}

function fail(sentence) {
  process.stderr.write(`acclimate: ${sentence}\n`);
  process.exit(1);
}

const node = findNode();
if (node === undefined) {
  fail(
    `needs Node ${NEEDED_MAJOR}, this is Node ${process.versions.node}; install it, or run \`npm ci\` in Acclimate's folder.`,
  );
}
if (!existsSync(main)) fail(`"${main}" is not there; run \`npm run build\` first.`);

const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit", env: childEnvironment() });

// In a terminal Ctrl-C reaches both processes, elsewhere this one only: it is always passed on, and the program knows
// that two at the same moment are one. This process waits for the program's own end.
let interruptions = 0;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    interruptions += 1;
    child.kill(signal);
    if (interruptions === 2) setTimeout(() => child.kill("SIGKILL"), SECOND_SIGNAL_GRACE_MS).unref();
  });
}

child.on("error", (error) => fail(`"${node}" could not be started: ${error.message}.`));
child.on("exit", (code, signal) => {
  if (signal === "SIGKILL" && interruptions >= 2) process.exit(130);
  // What a shell gives for a program that a signal ended.
  process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
});
