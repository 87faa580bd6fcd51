// Builds dist/acclimate.js, the command line, and the programs that it starts: one computes, one tries a device, one reads
// training images. What they share, and what only some commands need, is in chunks; packages stay in node_modules.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Ends in a hash of the content. */
const CHUNK_NAME = /-[A-Z0-9]{8}\.js(\.map)?$/;

const { outputFiles } = await build({
  absWorkingDir: ROOT,
  entryPoints: {
    acclimate: "src-main/cli/main.ts",
    "probe-device": "src-main/engine/runtimes/probe-device.ts",
    engine: "src-main/engine/process/main.ts",
    "training-worker": "src-main/engine/methods/source-training/training-worker.ts",
  },
  outdir: "dist",
  // Beside the programs, because programs find one another from where they are.
  chunkNames: "[name]-[hash]",
  splitting: true,
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node24",
  format: "esm",
  sourcemap: true,
  logLevel: "warning",
  write: false,
});

// Renamed into place, chunks before what asks for them: an Acclimate that starts meanwhile finds the old one or the new one.
const isProgram = ({ path }: { path: string }): number => (CHUNK_NAME.test(path) ? 0 : 1);
for (const { path, contents } of outputFiles.toSorted((a, b) => isProgram(a) - isProgram(b))) {
  const temporary = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

const current = new Set(outputFiles.map(({ path }) => basename(path)));
for (const name of readdirSync(join(ROOT, "dist"))) {
  if (CHUNK_NAME.test(name) && !current.has(name)) rmSync(join(ROOT, "dist", name), { force: true });
}
