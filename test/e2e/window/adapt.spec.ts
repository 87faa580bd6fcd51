// The heart, as its user meets it: open the sample, adapt one image, watch, scrub, look closer, and find the run again.
import AxeBuilder from "@axe-core/playwright";
import { chooseQuickRun, expect, openSampleImage, openScreen, PICTURES, test } from "./fixtures.ts";

test("a first start shows the sample, and one key adapts an image", async ({ workbench: page }) => {
  await expect(page.getByRole("option")).toHaveCount(16);
  // The picture waits for what is in it.
  await expect(page.getByRole("option").locator("img[data-shown]")).toHaveCount(16);
  await expect(page.getByRole("complementary").getByText("16", { exact: true }).nth(1)).toBeVisible();
  await page.screenshot({ path: `${PICTURES}/datasets.png` });

  await openSampleImage(page, "fog/001.png");
  const before = page.getByRole("button", { name: "Shows Before. Change" });
  await expect(before).toBeVisible();
  const form = page.getByRole("complementary", { name: "Parameters" });
  const iterations = await form.getByRole("textbox", { name: "Iterations" }).inputValue();
  await page.keyboard.press("Control+Enter");

  // Live: the curve grows, and iteration after iteration can be looked at.
  const position = page.getByRole("slider", { name: "Iteration" });
  await expect(page.getByRole("button", { name: "Cancel Esc" })).toBeVisible();
  await expect(page.getByRole("figure", { name: /Loss, from .* at iteration 1 to .* at \d+/ })).toBeVisible();
  await expect(position).toHaveAttribute("aria-valuemax", iterations);
  await expect(page.getByRole("button", { name: /^Adapt/ }).last()).toBeEnabled();
  await page.screenshot({ path: `${PICTURES}/adapt.png` });

  // Scrubbed back to the unadapted prediction, everything follows.
  await page.getByRole("button", { name: "Unadapted prediction" }).click();
  await expect(position).toHaveAttribute("aria-valuenow", "0");
  await page.keyboard.press("End");
  await expect(position).toHaveAttribute("aria-valuenow", iterations);
  const heading = new RegExp(`IoU by class before → iteration ${iterations}`);
  await expect(page.getByRole("heading", { name: heading })).toBeVisible();
});

test("cancel ends a run, keeps its finished iterations, and the next run works", async ({ workbench: page }) => {
  await openSampleImage(page, "night/001.png");
  await chooseQuickRun(page, 200);
  await page.keyboard.press("Control+Enter");
  const position = page.getByRole("slider", { name: "Iteration" });
  await expect.poll(async () => Number(await position.getAttribute("aria-valuemax"))).toBeGreaterThan(1);
  await page.getByRole("button", { name: "Cancel Esc" }).click();
  await expect(
    page
      .getByRole("main")
      .getByText(/cancelled/i)
      .first(),
  ).toBeVisible();
  const kept = Number(await position.getAttribute("aria-valuemax"));
  expect(kept).toBeGreaterThan(1);
  expect(kept).toBeLessThan(200);

  await chooseQuickRun(page, 2);
  await page.keyboard.press("Control+Enter");
  await expect(position).toHaveAttribute("aria-valuemax", "2");
});

test("every pixel tells its class, probabilities and truth", async ({ workbench: page }) => {
  await openSampleImage(page, "fog/001.png");
  const pane = page.getByRole("group", { name: "After" });
  await expect(pane).toBeVisible();
  const box = await pane.boundingBox();
  if (box === null) throw new Error("the pane has no place on the screen");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8);
  await expect(page.getByText(/road/).first()).toBeVisible();
  await expect(page.getByText(/truth/i).first()).toBeVisible();

  // A pin tells every prediction in view, whichever pane has the focus.
  await page.mouse.click(box.x + box.width / 2, box.y + box.height * 0.8);
  const pinned = page.getByRole("table", { name: "Pinned pixels" }).getByRole("row");
  await expect(pinned.first()).toHaveText(/Before.*After.*Truth/);
  await expect(pinned.last()).toHaveText(/%.*%/);
  const told = await pinned.last().textContent();
  for (const name of ["Before", "Difference", "Confidence"]) {
    await page.getByRole("group", { name, exact: true }).focus();
    await expect(pinned.last()).toHaveText(told ?? "");
  }

  // Each side of the divider tells its own picture.
  await page.keyboard.press("3");
  await page.getByRole("button", { name: "Shows After. Change" }).click();
  await page.getByRole("menuitem", { name: "Ground truth" }).click();
  const divided = await page.getByRole("group", { name: "Before and Ground truth" }).boundingBox();
  if (divided === null) throw new Error("the divided pane has no place on the screen");
  const probabilities = page.locator(".probe-row");
  await page.mouse.move(divided.x + divided.width * 0.35, divided.y + divided.height * 0.6);
  await expect(probabilities).toHaveCount(3);
  await page.mouse.move(divided.x + divided.width * 0.65, divided.y + divided.height * 0.6);
  await expect(page.locator(".probe-card").getByText("Truth")).toBeVisible();
  await expect(probabilities).toHaveCount(0);
});

test("all commands are in the palette, all keys on the sheet", async ({ workbench: page }) => {
  await page.keyboard.press("Control+Shift+P");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.type("checkpoints");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/checkpoints/);
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.keyboard.press("?");
  await expect(
    page
      .getByRole("dialog")
      .getByText(/shortcuts|keys/i)
      .first(),
  ).toBeVisible();
});

for (const scheme of ["dark", "light"] as const) {
  test(`has no serious accessibility problem, ${scheme}`, async ({ workbench: page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const screen of ["Datasets", "Adapt", "Compare", "Evaluate", "Runs", "Checkpoints", "Train", "Settings"]) {
      await openScreen(page, screen);
      await expect(page.getByRole("main")).toBeVisible();
      await page.waitForLoadState("networkidle").catch(() => undefined);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${screen}: ${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
      expect.soft(serious).toEqual([]);
    }
  });
}
