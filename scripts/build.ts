// Builds the programs in dist: the command line, the desktop program, and what they start: one computes, one tries a device,
// one reads training images, one those of an evaluation. What they share, and what only some commands need, is in chunks; packages stay in node_modules.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Ends in a hash of the content. */
const CHUNK_NAME = /-[A-Z0-9]{8}\.js(\.map)?$/;

const COMMON = {
  absWorkingDir: ROOT,
  outdir: "dist",
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node24",
  sourcemap: true,
  logLevel: "warning",
  write: false,
} as const;

const programs = await build({
  ...COMMON,
  entryPoints: {
    acclimate: "src-main/cli/main.ts",
    desktop: "src-main/desktop/main.ts",
    "probe-device": "src-main/engine/runtimes/probe-device.ts",
    engine: "src-main/engine/process/main.ts",
    "image-worker": "src-main/engine/evaluation/image-worker.ts",
    "sample-worker": "src-main/engine/methods/sample-worker.ts",
  },
  // Beside the programs, because programs find one another from where they are.
  chunkNames: "[name]-[hash]",
  splitting: true,
  format: "esm",
});

// In the page's sandbox there are no modules: it is one file by itself.
const preload = await build({
  ...COMMON,
  entryPoints: { preload: "src-main/desktop/preload.ts" },
  outExtension: { ".js": ".cjs" },
  format: "cjs",
});
const outputFiles = [...programs.outputFiles, ...preload.outputFiles];

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
