// A method over a whole data set, in the window: started, followed, stopped, taken up again, compared with another.
import type { Page } from "@playwright/test";
import { expect, openScreen, PICTURES, test } from "./fixtures.ts";

async function newEvaluation(page: Page, method: string): Promise<void> {
  await openScreen(page, "Evaluate");
  await page.getByRole("button", { name: "New evaluation" }).first().click();
  await expect(page.getByRole("heading", { name: "New evaluation" })).toBeVisible();
  await page.getByRole("radiogroup", { name: "Method" }).getByText(method, { exact: true }).click();
  await expect(page.getByRole("button", { name: "Evaluate Ctrl Enter" })).toBeEnabled();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { name: "New evaluation" })).toBeHidden();
}

/** The entry of the newest evaluation in the list. */
function newest(page: Page) {
  return page.getByRole("complementary", { name: "Evaluations" }).getByRole("listitem").first();
}

test("evaluates, says what each figure is, and compares two methods", async ({ workbench: page }) => {
  await newEvaluation(page, "Predict");
  await expect(newest(page)).toContainText(/\d+\.\d/);
  await expect(page.getByText(/Finished/).first()).toBeVisible();
  await expect(page.getByText(/one confusion matrix over the pixels of all images/).first()).toBeVisible();
  await newEvaluation(page, "Average views");
  await expect(page.getByRole("complementary", { name: "Evaluations" }).getByText("Finished")).toHaveCount(2);
  await expect(page.getByText(/Waiting|Evaluating/)).toHaveCount(0);
  const domains = page.getByRole("table").filter({ has: page.getByRole("columnheader", { name: "fog" }) });
  await expect(domains.getByRole("columnheader")).toHaveText([
    "Evaluation",
    "clear",
    "fog",
    "night",
    "rain",
    "all together",
  ]);
  await expect(domains.getByRole("row", { name: /Predict on Sample( \d+\.\d){5}/ })).toBeVisible();
  await expect(domains.getByRole("row", { name: /Average views on Sample( \d+\.\d){5}/ })).toBeVisible();
  await page.screenshot({ path: `${PICTURES}/evaluate.png` });
});

test("a stopped evaluation goes on with the images that are left", async ({ workbench: page }) => {
  await newEvaluation(page, "Adapt");
  await expect(newest(page)).toContainText(/[1-9]\d* (of|\/) 16/);
  await page
    .getByRole("button", { name: /^(Stop|Cancel)/ })
    .first()
    .click();
  await expect(page.getByText(/Cancelled|Stopped/).first()).toBeVisible();
  const resume = page.getByRole("button", { name: /^(Resume|Go on)/ }).first();
  await resume.click();
  await expect(page.getByRole("button", { name: /^(Stop|Cancel)/ }).first()).toBeVisible();
  await page
    .getByRole("button", { name: /^(Stop|Cancel)/ })
    .first()
    .click();
  await expect(resume).toBeVisible();
});
