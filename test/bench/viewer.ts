// How quickly the viewer answers in a browser: changes of the overlay, four linked panes that move, and scrubbing.
import { cpus } from "node:os";
import { chromium } from "@playwright/test";
import { browserLaunchOptions } from "../helpers/browser-launch.ts";
import { bundleForBrowser } from "../helpers/bundle-for-browser.ts";
import type { StageTimes } from "../helpers/viewer-stage-page.ts";

const CHANGES = 200;
const TOGGLES = 100;
const SECONDS = 5;
const SCRUBS = 100;

const browser = await chromium.launch(await browserLaunchOptions());
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto("about:blank");
  await page.addScriptTag({ content: await bundleForBrowser("test/helpers/viewer-stage-page.ts") });
  const times = await page.evaluate(
    (amounts) =>
      (globalThis as unknown as { timeStage: (...amounts: readonly number[]) => Promise<StageTimes> }).timeStage(
        ...amounts,
      ),
    [CHANGES, TOGGLES, SECONDS, SCRUBS] as const,
  );
  const [processor] = cpus();
  console.log(
    `${processor?.model ?? "unknown processor"}, ${cpus().length} cores; ${browser.version()}, ${times.driver}`,
  );
  console.log(`four panes of 2048 x 1024 on 1064 x 640 pixels, ${times.renderer}`);
  print(
    "opacity, class, threshold, outline: main thread, p95",
    `${share(times.changeMs, 0.95).toFixed(1)} ms`,
    "16.7 ms",
  );
  print(
    "100 toggles, one pane of 2048 x 1024, to pixels, p95",
    `${share(times.toggleMs, 0.95).toFixed(1)} ms`,
    "16.7 ms",
  );
  print("pan and zoom, linked", `${times.framesPerSecond.toFixed(1)} frames/s`, "30 or more");
  print("scrub to another cached iteration, to pixels, p95", `${share(times.scrubMs, 0.95).toFixed(1)} ms`, "50 ms");
} finally {
  await browser.close();
}

function print(name: string, value: string, target: string): void {
  console.log(`${name.padEnd(56)} ${value.padStart(14)}   target ${target}`);
}

/** The value that this share of all is not above. */
function share(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
