// How the browser tests run: one after another against one real server at a time, because the engine uses all cores.
import { defineConfig } from "@playwright/test";
import { browserLaunchOptions } from "../../helpers/browser-launch.ts";

export default defineConfig({
  testDir: ".",
  workers: 1,
  // Far above what any test takes: a limit only ends what hangs, and a slow or busy machine takes many times as long.
  timeout: 1_200_000,
  expect: { timeout: 600_000 },
  reporter: [["list"], ["json", { outputFile: "../../../out/window-results.json" }]],
  outputDir: "../../../out/window-tests",
  use: {
    launchOptions: await browserLaunchOptions(),
    viewport: { width: 1440, height: 900 },
    colorScheme: "dark",
    trace: "retain-on-failure",
  },
});
