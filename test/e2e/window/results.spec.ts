// What comes out of runs: compared side by side, found again with every parameter, repeated on the command line, exported.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { readZipDirectory, readZipMember } from "../../../src-main/engine/checkpoints/zip/read-zip.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import { ROOT } from "../../helpers/run-cli.ts";
import { chooseQuickRun, expect, openSampleImage, openScreen, PICTURES, test, withoutTooltips } from "./fixtures.ts";

/** A short run on this image, finished. */
async function runOn(page: Page, key: string, iterations: number): Promise<void> {
  await openSampleImage(page, key);
  await chooseQuickRun(page, iterations);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("slider", { name: "Iteration" })).toHaveAttribute("aria-valuemax", String(iterations));
  await expect(page.getByRole("button", { name: "Adapt Ctrl Enter" })).toBeVisible();
}

test("before and after are compared side by side, pane by pane", async ({ workbench: page }) => {
  await runOn(page, "night/001.png", 2);
  await openScreen(page, "Compare");
  await expect(page.getByRole("group", { name: /Pane 1/ })).toBeVisible();
  await expect(page.getByRole("group", { name: /Pane 2/ })).toBeVisible();
  await expect(
    page.getByRole("complementary", { name: "Differences by class" }).getByRole("listitem").first(),
  ).toBeVisible();
  await withoutTooltips(page);
  await page.screenshot({ path: `${PICTURES}/compare.png` });

  await page.getByRole("button", { name: "Pane 2 shows: Result. Change" }).click();
  await page.getByRole("menuitem", { name: "Errors" }).click();
  await expect(page.getByRole("group", { name: "Pane 2: Errors" })).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(page.getByText("Undone: show errors in pane 2")).toBeVisible();
  await expect(page.getByRole("group", { name: "Pane 2: Result" })).toBeVisible();

  await page.getByText("Many images", { exact: true }).click();
  await expect(page.getByRole("main")).toContainText(/mean/i);
});

test("a run from the history gives all controls back, and its command gives the same labels", async ({
  workbench: page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await runOn(page, "rain/002.png", 3);
  await openScreen(page, "Runs");
  const row = page.getByRole("listbox", { name: "Runs" }).getByRole("option").first();
  await row.click();
  await withoutTooltips(page);
  await page.screenshot({ path: `${PICTURES}/runs.png` });
  await page.getByRole("button", { name: /copy.*command/i }).click();
  const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toMatch(/^acclimate adapt /);
  const command = await copied();

  await page.getByRole("button", { name: "Open in Adapt" }).click();
  const parameters = page.getByRole("complementary", { name: "Parameters" });
  await expect(parameters.getByRole("textbox", { name: "Iterations" })).toHaveValue("3");
  await expect(parameters.getByRole("checkbox", { name: "0.5", exact: true })).not.toBeChecked();

  const folder = mkdtempSync(join(tmpdir(), "acclimate-again-"));
  const launcher = join(ROOT, "bin", "acclimate.js");
  execFileSync("bash", [
    "-c",
    `${command.replace(/^acclimate/, `"${process.execPath}" "${launcher}"`)} --output "${folder}"`,
  ]);
  const files = await exported(page, ["Train ids PNG"]);
  const fromWindow = [...files.values()][0] ?? new Uint8Array();
  const repeated = execFileSync("find", [folder, "-name", "*_trainIds.png"], { encoding: "utf8" }).trim();
  expect(hash(fromWindow)).toBe(hash(readFileSync(repeated)));
  rmSync(folder, { recursive: true });
});

test("exports are whole, and hold what they say", async ({ workbench: page }) => {
  await runOn(page, "night/002.png", 1);
  const files = await exported(page, [
    "Train ids PNG",
    "Label ids PNG",
    "Overlay PNG",
    "Table CSV",
    "Record JSON",
    "Report HTML",
    "Probabilities NPZ",
    "Adapted weights safetensors",
    "Adapted model ONNX",
  ]);
  expect([...files.keys()].map((name) => name.replace(/^.*?(?=_|\.)/, "")).length).toBe(9);
  const trainIds = await labelsOf(files, "_trainIds.png");
  const labelIds = await labelsOf(files, "_labelIds.png");
  expect([trainIds.width, trainIds.height]).toEqual([512, 256]);
  expect(trainIds.data.every((id) => id < 19)).toBe(true);
  // Road is 0 as a train id, and 7 as a label id.
  expect(trainIds.data.filter((id) => id === 0).length).toBe(labelIds.data.filter((id) => id === 7).length);
  const report = Buffer.from(fileEnding(files, ".html")).toString();
  expect(report).not.toMatch(/(src|href)="(?!data:)/);
  const { run } = JSON.parse(Buffer.from(fileEnding(files, ".json")).toString());
  expect(run).toMatchObject({
    status: "finished",
    provenance: { provider: "cpu" },
    image: { key: "night/images/002.png" },
  });
});

test("a sweep has a result of every combination, iterations read off one run, and the unadapted one", async ({
  workbench: page,
}) => {
  await runOn(page, "fog/003.png", 1);
  await openScreen(page, "Runs");
  await page.getByRole("listbox", { name: "Runs" }).getByRole("option").first().click();
  await page.getByRole("button", { name: "Start a sweep…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: /^Start/ }).click();
  const groups = page.getByRole("complementary", { name: "Sweeps and batches" });
  await groups.getByRole("button", { name: /of 3/ }).click();
  const results = page.getByRole("region", { name: "Adapted", exact: true });
  // Three runs one after another: waited for as long as the whole test may take.
  await expect(results.getByRole("button", { name: /Entropy \d+\.\d\s%/ })).toHaveCount(6, { timeout: 0 });
  const unadapted = page.getByRole("region", { name: "Unadapted", exact: true });
  await expect(unadapted.getByRole("button", { name: /Entropy \d+\.\d\s%/ })).toHaveCount(1);
  await expect(page.locator("canvas[data-state=shown]")).toHaveCount(7);
  await expect(groups.getByText(/^3 runs/)).toBeVisible();
  await page.screenshot({ path: `${PICTURES}/sweep.png` });
});

test("auto-tune ranks settings as they are tried, and its winner is used and saved", async ({
  workbench: page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  // Two runs one after the other, on however slow a machine.
  test.setTimeout(900_000);
  await openSampleImage(page, "night/003.png");
  await chooseQuickRun(page, 2);
  await page.getByRole("button", { name: "auto-tune…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Auto-tune on night/ });
  for (const name of ["Frozen ResNet layers", "Threshold", "Scales"]) {
    await dialog.getByRole("checkbox", { name }).press("Space");
  }
  await dialog.getByRole("textbox", { name: "Settings at the most" }).fill("2");
  await page.keyboard.press("Tab");
  await page.screenshot({ path: `${PICTURES}/auto-tune-form.png` });
  await dialog.getByRole("button", { name: "Start" }).click();
  const ranking = dialog.getByRole("table", { name: "Ranking" });
  await expect(dialog.getByRole("button", { name: "Tune anew…" })).toBeVisible({ timeout: 0 });
  await page.screenshot({ path: `${PICTURES}/auto-tune.png` });
  // Two settings with 1 and 2 iterations, and each alpha unadapted.
  await expect(ranking.getByRole("row")).toHaveCount(1 + 2 * 2 + 2);
  await dialog.getByRole("button", { name: "Copy as command" }).click();
  await expect(page.getByText("Copied the command that searches the same.")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(
    /^acclimate tune .* --only night\/images\/003\.png .*--criterion miou --search successive --max-settings 2 /,
  );
  await dialog.getByRole("button", { name: "Save as a preset" }).click();
  await expect(page.getByText(/^Saved as the preset "Tuned on night/)).toBeVisible();
  await ranking.getByRole("row").filter({ hasText: "2 iter." }).first().getByRole("button", { name: "use" }).click();
  await expect(dialog).toBeHidden();
  const parameters = page.getByRole("complementary", { name: "Parameters" });
  await expect(parameters.getByRole("textbox", { name: "Iterations" })).toHaveValue("2");
});

test("keys alone lead from the grid to exported files", async ({ workbench: page }) => {
  await page.keyboard.press("Alt+1");
  const images = page.getByRole("listbox", { name: "Images of Sample" });
  for (let i = 0; i < 40 && !(await images.evaluate((grid) => grid === document.activeElement)); i++) {
    await page.keyboard.press("Tab");
  }
  await expect(images).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const parameters = page.getByRole("complementary", { name: "Parameters" });
  await expect(parameters).toBeVisible();
  // The quickest of the methods: what counts here is the way.
  const predict = parameters.getByRole("radio", { name: "Predict" });
  await predict.focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("0 unadapted")).toBeVisible();
  await expect(page.getByRole("button", { name: /Ctrl Enter/ })).toBeVisible();
  await page.keyboard.press("Control+Shift+P");
  await page.keyboard.type("export");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Export 1 run" });
  await expect(dialog).toBeVisible();
  const write = dialog.getByRole("button", { name: /^Write \d+ files/ });
  for (let i = 0; i < 40 && !(await write.evaluate((button) => button === document.activeElement)); i++) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(dialog.getByText(/\d+ files, .* ready for download/)).toBeVisible();
});

/** Exports the chosen run for download in these formats: files by name, from the archive. */
async function exported(page: Page, formats: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  await page.keyboard.press("Control+e");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  for (const box of await dialog.getByRole("checkbox").all()) {
    const name =
      (await box.getAttribute("aria-label")) ??
      (await box.evaluate((input) => (input as HTMLInputElement).labels?.[0]?.innerText ?? ""));
    const wanted = formats.some((format) => name.replace(/\s+/g, " ").startsWith(format));
    if ((await box.isChecked()) !== wanted) await box.press("Space");
  }
  await dialog.getByText("Download", { exact: true }).click();
  await dialog.getByRole("button", { name: /^Write \d+ file/ }).click();
  const download = page.waitForEvent("download");
  await dialog.getByRole("link", { name: /zip/i }).click();
  const bytes = new Uint8Array(readFileSync(await (await download).path()));
  await page.keyboard.press("Escape");
  const members = readZipDirectory("export.zip", bytes);
  return new Map([...members].map(([name, member]) => [name, readZipMember("export.zip", bytes, member)]));
}

function fileEnding(files: ReadonlyMap<string, Uint8Array>, ending: string): Uint8Array {
  const found = [...files].find(([name]) => name.endsWith(ending));
  if (found === undefined) throw new Error(`no ${ending} among ${[...files.keys()].join(", ")}`);
  return found[1];
}

async function labelsOf(files: ReadonlyMap<string, Uint8Array>, ending: string) {
  const folder = mkdtempSync(join(tmpdir(), "acclimate-labels-"));
  const path = join(folder, "labels.png");
  writeFileSync(path, fileEnding(files, ending));
  const map = await decodeLabelMap(path);
  rmSync(folder, { recursive: true });
  return map;
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
