// Builds dist/acclimate.js, the command line as one file, and the small program that tries a device; packages stay in
// node_modules.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const { outputFiles } = await build({
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  entryPoints: { acclimate: "src-main/cli/main.ts", "probe-device": "src-main/engine/runtimes/probe-device.ts" },
  outdir: "dist",
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node24",
  format: "esm",
  sourcemap: true,
  logLevel: "warning",
  write: false,
});

// Renamed into place, so that an Acclimate that starts meanwhile finds the old one or the new one, never half of it.
for (const { path, contents } of outputFiles) {
  const temporary = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}
