// What each browser test is given: a real server on an empty workspace of its own, and a page that is let in.
import { test as base, expect, type Page } from "@playwright/test";
import { startWorkbench, type WorkbenchServer } from "../../helpers/workbench-server.ts";

interface Fixtures {
  /** Problems that the page wrote to its console, or threw: a test fails when there are any at its end. */
  readonly pageProblems: string[];
  readonly workbench: Page;
}

interface WorkerFixtures {
  readonly server: WorkbenchServer;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const server = await startWorkbench();
      await use(server);
      await server.close();
    },
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  pageProblems: async ({}, use) => {
    const problems: string[] = [];
    await use(problems);
    expect(problems, "what the page complained about").toEqual([]);
  },
  workbench: async ({ page, server, pageProblems }, use) => {
    page.on("pageerror", (error) => pageProblems.push(error.message));
    page.on("console", (message) => {
      // The browser notes every refused request; what the page makes of it is what counts.
      const isRefusal = message.text().startsWith("Failed to load resource");
      if (message.type() === "error" && !isRefusal) pageProblems.push(message.text());
    });
    await page.goto(server.url);
    await expect(page.getByText("Engine ready")).toBeVisible();
    await use(page);
  },
});

/** Where pictures of the screens go; `npm run pictures` takes those of the README from there. */
export const PICTURES = "out/pictures";

export { expect };

/** Opens a screen by its button in the rail. */
export async function openScreen(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Screens" }).getByRole("button", { name, exact: true }).click();
}

/** Before a picture: the pointer goes where it points at nothing. */
export async function withoutTooltips(page: Page): Promise<void> {
  await page.mouse.move(700, 2);
  await expect(page.getByRole("tooltip")).toHaveCount(0);
}

/** From the grid of the sample to the adapt screen with this image. */
export async function openSampleImage(page: Page, key: string): Promise<void> {
  await openScreen(page, "Datasets");
  await page.getByRole("listbox", { name: "Images of Sample" }).getByRole("option", { name: key }).dblclick();
  await expect(page.getByRole("complementary", { name: "Parameters" })).toBeVisible();
}

/** Few and small steps, so that a run takes seconds. */
export async function chooseQuickRun(page: Page, iterations: number): Promise<void> {
  const parameters = page.getByRole("complementary", { name: "Parameters" });
  // What is left is 0.25 of the published scales, 1 of those that the sample recommends.
  for (const scale of ["0.5", "0.75", "1.25"]) {
    const ticked = parameters.getByRole("checkbox", { name: scale, exact: true, checked: true });
    // The chip is a label over its box; keys reach the box itself. A scale that is offered only while it is chosen goes.
    if ((await ticked.count()) > 0) await ticked.press("Space");
    await expect(ticked).toHaveCount(0);
  }
  await parameters.getByRole("textbox", { name: "Iterations" }).fill(String(iterations));
  await page.keyboard.press("Tab");
}
