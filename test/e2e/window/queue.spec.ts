// The queue in the status line: what computes, what waits behind it and for what, in an order that can be changed; and the
// page, which outlives its server.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWorkbench } from "../../helpers/workbench-server.ts";
import { chooseQuickRun, expect, openSampleImage, openScreen, PICTURES, test } from "./fixtures.ts";

test("evaluations wait behind a run by name, are moved and cancelled, and the run goes on", async ({
  workbench: page,
}) => {
  await openSampleImage(page, "fog/001.png");
  await chooseQuickRun(page, 300);
  await page.keyboard.press("Control+Enter");
  for (const name of ["First", "Second"]) {
    await openScreen(page, "Evaluate");
    await page.getByRole("button", { name: "New evaluation" }).first().click();
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    await page.keyboard.press("Control+Enter");
    await expect(page.getByRole("main").getByText(/^Waiting, \d before it/)).toBeVisible();
  }
  await page.getByRole("contentinfo").getByRole("button", { name: "2 waiting" }).click();
  const queue = page.getByRole("dialog", { name: "Queue" });
  const rows = queue.getByRole("listitem");
  await expect(rows).toHaveText([/^fog\/001\.png/, /^First.*Waits for fog\/001\.png/, /^Second.*Waits for First/]);
  await queue.getByRole("button", { name: "Second first" }).click();
  await expect(rows).toHaveText([/^fog\/001\.png/, /^Second/, /^First.*Waits for Second/]);
  await page.screenshot({ path: `${PICTURES}/queue.png` });
  for (const name of ["First", "Second"]) await queue.getByRole("button", { name: `Cancel ${name}` }).click();
  await expect(rows).toHaveText([/^fog\/001\.png/]);
  await queue.getByRole("button", { name: "Cancel fog/001.png" }).click();
  await expect(queue.getByText("Nothing computes, nothing waits.")).toBeVisible();
});

test("a page goes on with a server that was started again", async ({ page }) => {
  const workspace = mkdtempSync(join(tmpdir(), "acclimate-restart-"));
  let server = await startWorkbench({ workspace });
  try {
    await page.goto(server.url);
    await expect(page.getByText("Engine ready")).toBeVisible();
    await server.close();
    await expect(page.getByText(/The server does not answer; trying again/)).toBeVisible();
    server = await startWorkbench({ workspace });
    expect(new URL(page.url()).origin).toBe(server.origin);
    await expect(page.getByText(/Acclimate has started anew/)).toBeVisible();
    await openSampleImage(page, "clear/000.png");
    // Let in for good: a reload needs no address.
    await page.reload();
    await expect(page.getByText("Engine ready")).toBeVisible();
  } finally {
    await server.close();
    rmSync(workspace, { recursive: true });
  }
});
