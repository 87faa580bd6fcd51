// Small windows and magnified ones: on every screen all words can be read and all controls reached.
import { layoutFaults } from "../../helpers/layout-faults.ts";
import { chooseQuickRun, expect, openSampleImage, openScreen, test } from "./fixtures.ts";

/** The last is a window of 1440 x 900 at a zoom of 200 %. */
const SIZES = [
  { width: 1280, height: 720 },
  { width: 1024, height: 640 },
  { width: 720, height: 450 },
];
const SCREENS = ["Datasets", "Adapt", "Compare", "Evaluate", "Runs", "Checkpoints", "Train", "Stylize", "Settings"];

test("nothing is cut off, covered or out of reach in small windows", async ({ workbench: page }) => {
  await openSampleImage(page, "fog/001.png");
  await chooseQuickRun(page, 1);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("slider", { name: "Iteration" })).toHaveAttribute("aria-valuemax", "1");
  await expect(page.getByRole("button", { name: "Cancel Esc" })).toBeHidden();

  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const screen of SCREENS) {
      await openScreen(page, screen);
      await page.mouse.move(size.width / 2, 2);
      await expect(page.getByRole("tooltip")).toBeHidden();
      await expect
        .poll(() => layoutFaults(page), { timeout: 20_000, message: `${screen} at ${size.width} x ${size.height}` })
        .toEqual([]);
    }
  }
});
