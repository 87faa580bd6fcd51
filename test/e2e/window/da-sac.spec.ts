// DA-SAC in the window: a tiny baseline, from it into the consistency step, its curves and its pictures.
import { expect, openScreen, PICTURES, test } from "./fixtures.ts";

test("goes from a baseline on to consistency, and shows curves by class, the teacher and pseudo-labels", async ({
  workbench: page,
}) => {
  await openScreen(page, "Train");
  await page.getByRole("button", { name: "New training" }).first().click();
  const main = page.getByRole("main");
  const fill = (name: string, value: string, place = 0) =>
    main.getByRole("textbox", { name, exact: true }).nth(place).fill(value);
  await main.getByRole("combobox", { name: "Method" }).click();
  await page.getByRole("option", { name: "DA-SAC: baseline" }).click();
  await page.getByRole("button", { name: "Quick trial" }).click();
  for (const place of [0, 1, 2]) await fill("Scenes", "4", place);
  await fill("Stem width", "4");
  await fill("Epochs", "1");
  await fill("Source images per step", "2");
  await fill("Target images per step", "2");
  await fill("Crop height", "32");
  await fill("Crop width", "64");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Control+Enter");

  await main.getByRole("button", { name: "Go on with consistency" }).click();
  await expect(main.getByRole("combobox", { name: "Method" })).toHaveValue("DA-SAC: consistency");
  await expect(main.getByRole("combobox", { name: "Begin with" })).toHaveValue(/^Baseline, \d{4}-\d\d-\d\d \d\d:\d\d$/);
  await expect(main.getByRole("textbox", { name: "Crop width", exact: true })).toHaveValue("64");
  const steps = main.getByRole("list", { name: "Steps" }).getByRole("listitem");
  await expect(steps).toHaveText([/Baseline/, /Importance weights.*counted/, /Consistency/]);
  await fill("Epochs", "1");
  await fill("Source images per step", "2");
  await fill("Crops of a target image", "2");
  await fill("Preview every", "1");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Control+Enter");

  await expect(main.getByText("Finished").first()).toBeVisible();
  await expect(steps.nth(2)).toHaveText(/Consistency, done/);
  await expect(main.getByRole("heading", { name: "Trusted pixels", exact: true })).toBeVisible();
  const thresholds = main.getByRole("list", { name: "Threshold by class, last values" });
  await expect(thresholds.getByRole("listitem")).toHaveCount(19);
  await expect(thresholds.getByRole("listitem").first()).toHaveText(/road.*\d/);
  const pictures = main.getByRole("complementary", { name: "Predictions and checkpoints" });
  await expect(pictures.getByText("student", { exact: true })).toBeVisible();
  await expect(pictures.getByText("teacher", { exact: true })).toBeVisible();
  await pictures.getByText("pseudo-labels").click();
  await expect(pictures.getByText("crop 2", { exact: true })).toBeVisible();
  await page.screenshot({ path: `${PICTURES}/da-sac.png` });
});
