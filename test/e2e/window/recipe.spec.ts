// The way in, and where parameters come from: one click to an adapted image, recipes, forms that outlive a reload.
import { join } from "node:path";
import { storeRecommended } from "../../../src-main/engine/models/store-recommended.ts";
import { PUBLISHED_PARAMETERS } from "../../../src-shared/contract/recommended-parameters.ts";
import { ROOT } from "../../helpers/run-cli.ts";
import { workbenchClient } from "../../helpers/workbench-client.ts";
import { startWorkbench } from "../../helpers/workbench-server.ts";
import { test as base, expect, openScreen, PICTURES } from "./fixtures.ts";

/** A workspace in which nothing has been run, whatever other tests do. */
const test = base.extend<object, object>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const server = await startWorkbench();
      await use(server);
      await server.close();
    },
    { scope: "worker" },
  ],
});

test("a first start shows one button, and one click leads to an adapted image", async ({ workbench: page }) => {
  const button = page.getByRole("button", { name: "Adapt to this image" });
  await expect(button).toBeVisible();
  await expect(page.getByRole("option")).toHaveCount(16);
  await page.screenshot({ path: `${PICTURES}/first-start.png` });
  await button.click();
  await expect(page).toHaveURL(/#\/adapt\?.*image=.*run=/);
  await expect(page.getByRole("heading", { name: /^Adapt fog\// })).toBeAttached();
  const form = page.getByRole("complementary", { name: "Parameters" });
  // With what the sample's checkpoint recommends, whatever that is.
  await expect(form.getByRole("radio", { name: "recommended" })).toBeChecked();
  const iterations = await form.getByRole("textbox", { name: "Iterations" }).inputValue();
  await expect(page.getByRole("slider", { name: "Iteration" })).toHaveAttribute("aria-valuemax", iterations);
  await openScreen(page, "Datasets");
  await expect(page.getByRole("listbox", { name: "Images of Sample" })).toBeVisible();
  await expect(button).toBeHidden();
});

test("the form starts from what the checkpoint recommends, and says where the shown run is another", async ({
  workbench: page,
  server,
}) => {
  const advised = join(server.workspace, "advised.safetensors");
  const parameters = { ...PUBLISHED_PARAMETERS, scales: [1], numEpochs: 1, baseLr: 0.01 };
  const recommended = { method: "self-adaptation", parameters, foundOn: "Best of 12 on other streets." } as const;
  await storeRecommended(join(ROOT, "resources", "sample", "checkpoint.safetensors"), advised, recommended, null);
  await workbenchClient(server).api.checkpoints.open.mutate({ path: advised });

  await openScreen(page, "Adapt");
  const form = page.getByRole("complementary", { name: "Parameters" });
  await form.getByRole("combobox", { name: "Checkpoint" }).click();
  await page.getByRole("option", { name: "advised.safetensors" }).click();
  const recipe = form.getByRole("radiogroup", { name: "Recipe" });
  const iterations = form.getByRole("textbox", { name: "Iterations" });
  await expect(recipe.getByRole("radio", { name: "recommended" })).toBeChecked();
  await expect(iterations).toHaveValue("1");
  await form.getByRole("button", { name: /^Adapt/ }).click();
  await expect(page.getByRole("slider", { name: "Iteration" })).toHaveAttribute("aria-valuemax", "1");
  await expect(form.getByText(/The shown run had/)).toBeHidden();

  await recipe.getByText("published").click();
  await expect(iterations).toHaveValue("10");
  await iterations.fill("3");
  await iterations.press("Tab");
  await expect(recipe.getByRole("radio", { name: "changed" })).toBeChecked();
  const difference = form.getByText(/The shown run had lr 0\.01, iterations 1, scales 1\./);
  await expect(difference).toBeVisible();
  await page.screenshot({ path: `${PICTURES}/recipe.png` });

  await page.reload();
  await expect(page.getByText("Engine ready")).toBeVisible();
  await expect(iterations).toHaveValue("3");
  await expect(difference).toBeVisible();
  await page.getByRole("button", { name: "take over this run’s parameters" }).click();
  await expect(iterations).toHaveValue("1");
  await expect(recipe.getByRole("radio", { name: "recommended" })).toBeChecked();
});
