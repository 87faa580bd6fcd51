// The stylize screen: an image in the style of another, at once.
import { expect, openScreen, PICTURES, test } from "./fixtures.ts";

test("an image is seen in another's style, and the slider changes how much of it", async ({ workbench: page }) => {
  const asked = (part: string) => page.waitForResponse((response) => response.url().includes(part) && response.ok());
  const first = asked("style=fourier&beta=0.01");
  await openScreen(page, "Stylize");
  await first;
  await expect(page.getByRole("combobox", { name: "Image", exact: true })).toHaveValue(/^clear\//);
  await expect(page.getByRole("combobox", { name: "Style", exact: true })).toHaveValue(/^night\//);
  const slider = page.getByRole("slider", { name: "Beta" });
  await expect(slider).toHaveAttribute("aria-valuetext", "0.010");
  const more = asked("beta=0.499");
  await slider.press("End");
  await more;
  await page.screenshot({ path: `${PICTURES}/stylize.png` });

  const transfer = asked("style=reinhard");
  await page.getByText("Reinhard").click();
  await transfer;
  await expect(slider).toBeHidden();

  const turned = asked("style=reinhard");
  await page.getByRole("button", { name: "Swap image and style" }).click();
  await turned;
  await expect(page.getByRole("combobox", { name: "Image", exact: true })).toHaveValue(/^night\//);
});
