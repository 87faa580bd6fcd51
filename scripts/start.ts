// `npm start`: the workbench in its own window, or, where Electron's program is not to be had, in the browser.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Electron's package fetches its program when it is first asked for it, which may take minutes. */
const FETCH_TIMEOUT_MS = 300_000;

const inRoot = (...parts: readonly string[]): string => join(ROOT, ...parts);

/** The path of Electron's program; undefined when it is not there and can't be fetched. */
function electronProgram(): string | undefined {
  if (process.stderr.isTTY) process.stderr.write("Looking for Electron…");
  const script = "process.stdout.write('\\n' + require('electron'))";
  const found = spawnSync(process.execPath, ["-e", script], { cwd: ROOT, encoding: "utf8", timeout: FETCH_TIMEOUT_MS });
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[2K");
  const path = found.stdout?.split("\n").at(-1) ?? "";
  return found.status === 0 && existsSync(path) ? path : undefined;
}

function build(): void {
  for (const script of ["build.ts", "build-page.ts"]) {
    const { status } = spawnSync(process.execPath, [inRoot("scripts", script)], { cwd: ROOT, stdio: "inherit" });
    if (status !== 0) process.exit(status ?? 1);
  }
}

/** Stands in for this process: gets its signals, and gives its exit code. */
function become(command: string, args: readonly string[]): void {
  const child = spawn(command, args, { cwd: process.cwd(), stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  child.on("error", ({ message }) => {
    process.stderr.write(`"${command}" could not be started: ${message}.\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
  });
}

if (!existsSync(inRoot("dist", "acclimate.js")) || !existsSync(inRoot("dist", "renderer", "index.html"))) build();
const args = process.argv.slice(2);
const electron = electronProgram();
if (electron !== undefined && existsSync(inRoot("dist", "desktop.js"))) {
  become(electron, [inRoot("dist", "desktop.js"), ...args]);
} else {
  process.stderr.write("Electron's program could not be had, so the workbench opens in your browser instead.\n");
  become(process.execPath, [inRoot("bin", "acclimate.js"), "serve", ...args]);
}
