// Starts `acclimate serve` as a user does, on a workspace of its own, for tests that open it in a browser.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./run-cli.ts";

const LAUNCHER = join(ROOT, "bin", "acclimate.js");

export interface WorkbenchServer {
  /** With the token of this launch. */
  readonly url: string;
  readonly origin: string;
  readonly token: string;
  readonly workspace: string;
  readonly process: ChildProcess;
  /** Ends the server and, unless the workspace was given, removes it. */
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly workspace?: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export async function startWorkbench({ workspace, args = [], env = {} }: ServeOptions = {}): Promise<WorkbenchServer> {
  const folder = workspace ?? (await mkdtemp(join(tmpdir(), "acclimate-workspace-")));
  const child = spawn(process.execPath, [LAUNCHER, "serve", "--no-open", "--workspace", folder, ...args], {
    env: { ...process.env, ...env },
  });
  const url = await printedUrl(child);
  const { origin, searchParams } = new URL(url);
  return {
    url,
    origin,
    token: searchParams.get("token") ?? "",
    workspace: folder,
    process: child,
    close: async () => {
      await ended(child);
      if (workspace === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function printedUrl(child: ChildProcess): Promise<string> {
  let output = "";
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      const [url] = /http:\/\/\S+token=\S+/.exec(output) ?? [];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.on("close", (code) => reject(new Error(`acclimate serve ended with ${code}: ${output}`)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.on("close", () => resolve());
    child.kill("SIGTERM");
  });
}
