// Builds dist/renderer, the window's page. The old one stays until the new one is whole.
import { existsSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const page = fileURLToPath(new URL("../dist/renderer", import.meta.url));
const [made, old] = [`${page}.${process.pid}.new`, `${page}.${process.pid}.old`];

try {
  await build({
    configFile: fileURLToPath(new URL("../src-renderer/vite.config.ts", import.meta.url)),
    build: { outDir: made },
    logLevel: "warn",
  });
  if (existsSync(page)) renameSync(page, old);
  renameSync(made, page);
} finally {
  for (const folder of [made, old]) rmSync(folder, { recursive: true, force: true });
}
