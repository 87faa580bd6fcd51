// Source training in the window: a small trial on drawn scenes, its curve, pause, and the checkpoint that comes out.
import { expect, openScreen, PICTURES, test, withoutTooltips } from "./fixtures.ts";

test("trains, pauses, goes on, and leaves a checkpoint to adapt", async ({ workbench: page }) => {
  await openScreen(page, "Train");
  await page.getByRole("button", { name: "New training" }).first().click();
  await page.getByRole("button", { name: "Quick trial" }).click();
  const main = page.getByRole("main");
  await main.getByRole("textbox", { name: "Scenes" }).first().fill("16");
  await main.getByRole("textbox", { name: "Epochs" }).fill("8");
  await main.getByRole("textbox", { name: "Crop width" }).fill("64");
  await main.getByRole("textbox", { name: "Crop height" }).fill("64");
  await main.getByRole("textbox", { name: "Stem width" }).fill("8");
  await main.getByRole("textbox", { name: "Preview every" }).fill("4");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Control+Enter");
  await expect(main.getByText("images a second")).toBeVisible();
  await main.getByRole("button", { name: /^Pause/ }).click();
  await expect(main.getByText(/Paused/).first()).toBeVisible();
  await main.getByRole("button", { name: /^(Resume|Go on|Continue)/ }).click();
  // Other trainings may have finished before; this one's checkpoints are open when it is over.
  await expect(main.getByRole("button", { name: "Open in Adapt" })).toHaveCount(2);
  await withoutTooltips(page);
  await page.screenshot({ path: `${PICTURES}/train.png` });
  await openScreen(page, "Checkpoints");
  await expect(page.getByRole("listbox").first().getByRole("option")).not.toHaveCount(1);
});
