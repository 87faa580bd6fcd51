// Makes one script of a file and what it imports, for a page that tests open.
import { build } from "esbuild";
import { ROOT } from "./run-cli.ts";

/** @param path  from the project's folder */
export async function bundleForBrowser(path: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [path],
    bundle: true,
    format: "iife",
    target: "es2024",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
