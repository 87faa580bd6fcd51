// The desktop program in Electron itself, where Electron's binary is installed: the window opens, and is locked down.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { _electron, expect, test } from "@playwright/test";
import { ROOT } from "../../helpers/run-cli.ts";

/** Electron's program is fetched apart from its package; without it there is nothing to start. */
function electronProgram(): string | null {
  const folder = join(dirname(createRequire(import.meta.url).resolve("electron/package.json")), "dist");
  const names = ["electron", "electron.exe", "Electron.app/Contents/MacOS/Electron"];
  return names.map((name) => join(folder, name)).find(existsSync) ?? null;
}

const program = electronProgram();

test("the desktop window shows the workbench, without Node and without a way out", async () => {
  test.skip(program === null, "Electron's binary is not installed on this machine");
  const workspace = await mkdtemp(join(tmpdir(), "acclimate-desktop-"));
  const application = await _electron.launch({
    executablePath: program ?? "",
    args: [join(ROOT, "dist", "desktop.js"), ...(process.platform === "linux" ? ["--no-sandbox"] : [])],
    env: { ...process.env, ACCLIMATE_WORKSPACE: workspace } as Record<string, string>,
  });
  try {
    const page = await application.firstWindow();
    await expect(page).toHaveTitle(/Acclimate/);
    expect(await page.evaluate(() => typeof (globalThis as { process?: unknown }).process)).toBe("undefined");
    expect(
      await page.evaluate(() => Object.keys((globalThis as { acclimate?: object }).acclimate ?? {}).sort()),
    ).toEqual(["choose", "onCommand", "pathOfFile", "showInFolder"]);
    const address = page.url();
    await page.evaluate(() => {
      location.href = "https://example.org/";
    });
    // That the window stays is asked a moment later: a slower machine can only make this test see less, not fail.
    await page.waitForTimeout(500);
    expect(new URL(page.url()).origin).toBe(new URL(address).origin);
    expect(await page.evaluate(() => globalThis.open("https://example.org/") === null)).toBe(true);
    const preferences = await application.evaluate(({ BrowserWindow }) => {
      const contents: unknown = BrowserWindow.getAllWindows()[0]?.webContents;
      return (contents as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      contextIsolation: true,
      nodeIntegration: false,
      sandbox: true,
      webSecurity: true,
    });
  } finally {
    await application.close();
    await rm(workspace, { recursive: true, force: true });
  }
});
