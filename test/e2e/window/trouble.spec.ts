// When things go wrong: the engine dies, folders vanish, the workspace is damaged or in use, the port is taken.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { ROOT } from "../../helpers/run-cli.ts";
import { startWorkbench, type WorkbenchServer } from "../../helpers/workbench-server.ts";
import { chooseQuickRun, expect, openSampleImage, openScreen, PICTURES, test } from "./fixtures.ts";

/** The newest of the server's two children whose command line names the engine, by how much it has computed. */
function killEngine({ process: launcher }: WorkbenchServer): void {
  const list = execFileSync("ps", ["-eo", "pid,ppid,ni,args"], { encoding: "utf8" });
  const rows = list
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, nice, ...args]) => ({ pid: Number(pid), parent: Number(parent), nice, args: args.join(" ") }));
  const server = rows.find(({ parent }) => parent === launcher.pid);
  // The one in the background runs at a lower priority.
  const engine = rows.find(({ parent, args, nice }) => parent === server?.pid && /engine/.test(args) && nice === "0");
  if (engine === undefined) throw new Error(`no engine among\n${list}`);
  process.kill(engine.pid, "SIGKILL");
}

async function openOwn(page: Page, server: WorkbenchServer): Promise<void> {
  await page.goto(server.url);
  await expect(page.getByText("Engine ready")).toBeVisible();
}

test("an engine that is killed in the middle of a run ends the run, not the window", async ({
  server,
  workbench: page,
}) => {
  await openSampleImage(page, "rain/001.png");
  await chooseQuickRun(page, 300);
  await page.keyboard.press("Control+Enter");
  const position = page.getByRole("slider", { name: "Iteration" });
  await expect.poll(async () => Number(await position.getAttribute("aria-valuemax"))).toBeGreaterThan(2);
  killEngine(server);
  await expect(
    page
      .getByRole("main")
      .getByText(/interrupted|ended/i)
      .first(),
  ).toBeVisible();
  // What was finished is there.
  expect(Number(await position.getAttribute("aria-valuemax"))).toBeGreaterThan(2);
  await page.reload();
  await expect(page.getByRole("button", { name: "Adapt Ctrl Enter" })).toBeEnabled();

  await chooseQuickRun(page, 2);
  await page.keyboard.press("Control+Enter");
  await expect(position).toHaveAttribute("aria-valuemax", "2");
});

test("a folder that vanishes is said to be missing, and comes back", async ({ workbench: page }) => {
  const parent = mkdtempSync(join(tmpdir(), "acclimate-folder-"));
  const folder = join(parent, "drive");
  cpSync(join(ROOT, "resources", "sample", "night", "images"), folder, { recursive: true });
  writeFileSync(join(folder, "broken.png"), "this is no image");
  await openScreen(page, "Datasets");
  await openFolder(page, folder);
  await expect(page.getByRole("option")).toHaveCount(5);

  renameSync(folder, `${folder}-gone`);
  await page.getByRole("button", { name: "Look again" }).first().click();
  await expect(page.getByText(/not there|unavailable|missing/i).first()).toBeVisible();
  renameSync(`${folder}-gone`, folder);
  await page.getByRole("button", { name: "Look again" }).first().click();
  await expect(page.getByRole("option")).toHaveCount(5);
  rmSync(parent, { recursive: true });
});

async function openFolder(page: Page, folder: string): Promise<void> {
  await page.getByRole("complementary", { name: "Datasets" }).getByRole("button", { name: "Open a folder" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").first().fill(folder);
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: /^Open/ }).click();
  await expect(dialog).toBeHidden();
}

test("a damaged workspace is put aside, a fresh one is made, and that is said", async ({ page }) => {
  const workspace = mkdtempSync(join(tmpdir(), "acclimate-damaged-"));
  writeFileSync(join(workspace, "workspace.db"), "SQLite format 3\0 and then something else entirely".repeat(50));
  const server = await startWorkbench({ workspace });
  try {
    await openOwn(page, server);
    await expect(page.getByText(/damaged/i).first()).toBeVisible();
    expect(execFileSync("ls", [workspace], { encoding: "utf8" })).toMatch(/workspace\.db\.damaged/);
  } finally {
    await server.close();
    rmSync(workspace, { recursive: true });
  }
});

test("a second program on the same workspace is told where the first one is", async ({ server }) => {
  const second = spawnSync(
    process.execPath,
    [join(ROOT, "bin", "acclimate.js"), "serve", "--no-open", "--workspace", server.workspace],
    { encoding: "utf8" },
  );
  expect(second.status).not.toBe(0);
  expect(second.stderr).toContain(server.origin);
});

test("two windows on one server both work", async ({ server, workbench: page, context }) => {
  const other = await context.newPage();
  await openOwn(other, server);
  await openSampleImage(page, "clear/001.png");
  await chooseQuickRun(page, 1);
  await page.keyboard.press("Control+Enter");
  await openScreen(other, "Runs");
  await expect(other.getByText("clear/001.png").first()).toBeVisible();
});

test("a port that is taken is named", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const workspace = mkdtempSync(join(tmpdir(), "acclimate-port-"));
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "bin", "acclimate.js"), "serve", "--no-open", "--port", String(port), "--workspace", workspace],
    { encoding: "utf8" },
  );
  taken.close();
  rmSync(workspace, { recursive: true });
  expect(status).not.toBe(0);
  expect(stderr).toContain(`Port ${port} is in use`);
});

test("a run that the machine is too small for is asked about, and started when the user insists", async ({
  workbench: page,
}) => {
  await openSampleImage(page, "fog/001.png");
  await chooseQuickRun(page, 1);
  const message =
    "The run needs about 68.9 GiB of memory, and 20.2 GiB are free: close other programs, or start it anyway.";
  const data = { httpStatus: 400, appCode: "machine.short" };
  const refusal = { status: 400, json: { error: { message, code: -32600, data } } };
  // What the server says depends on the machine; that it takes the answer does not.
  await page.route("**/api/runs.start*", async (route) => {
    if (route.request().postDataJSON().isForced) return route.continue();
    return route.fulfill(refusal);
  });
  const question = page.getByRole("dialog", { name: "This machine is likely too small for it" });
  await page.keyboard.press("Control+Enter");
  await expect(question).toContainText(message);
  await page.screenshot({ path: `${PICTURES}/start-anyway.png` });
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(page.getByRole("button", { name: "Adapt Ctrl Enter" })).toBeVisible();

  // Over a dialog, Escape is for the one on top alone.
  await page.route("**/api/tunings.start*", (route) => route.fulfill(refusal));
  await page.getByRole("button", { name: "auto-tune…" }).click();
  const below = page.getByRole("dialog", { name: /^Auto-tune on/ });
  await below.locator("button[type=submit]").click();
  await expect(question).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(below).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(below).toBeHidden();

  await page.keyboard.press("Control+Enter");
  await question.getByRole("button", { name: "Start anyway" }).click();
  await expect(page.getByRole("slider", { name: "Iteration" })).toHaveAttribute("aria-valuemax", "1");
});
