// How the tests start a browser: on Linux the Chromium that npm installed, elsewhere the Chrome of the system.
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LaunchOptions } from "@playwright/test";
import bundled, { inflate } from "@sparticuz/chromium";

/** WebGL without a graphics card, no sandbox because CI runs as root, and no request of the browser's own. */
const ARGUMENTS = [
  "--no-sandbox",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];

/** `ACCLIMATE_TEST_BROWSER` names another Chromium to use. */
export async function browserLaunchOptions(): Promise<LaunchOptions> {
  const chosen = process.env.ACCLIMATE_TEST_BROWSER;
  if (chosen !== undefined) return { executablePath: chosen, args: ARGUMENTS };
  if (process.platform !== "linux" || process.arch !== "x64") return { channel: "chrome", args: ARGUMENTS };
  // Unpacked beside it: libraries that a server without a desktop lacks.
  const libraries = join(await inflate(join(packageFolder(), "bin", "al2023.tar.br")), "lib");
  const executablePath = await bundled.executablePath();
  const fonts = join(tmpdir(), "fonts");
  const environment = { ...process.env, LD_LIBRARY_PATH: libraries };
  const hasFonts = existsSync("/usr/share/fonts/truetype") || !existsSync(fonts);
  return {
    executablePath,
    args: ARGUMENTS,
    env: definedOnly(hasFonts ? environment : { ...environment, FONTCONFIG_PATH: fonts }),
  };
}

function packageFolder(): string {
  return dirname(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))));
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => !!entry[1]));
}
