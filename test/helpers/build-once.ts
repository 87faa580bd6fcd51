// Before any test: the command line and the engine's programs as the sources are now, once for all files that run them.
import { execFileSync } from "node:child_process";
import { PINNED_NODE, ROOT } from "./run-cli.ts";

export function setup(): void {
  execFileSync(PINNED_NODE, ["scripts/build.ts"], { cwd: ROOT });
}
