// A checkpoint with classes of its own: their names and colours wherever the window shows classes.
import { join } from "node:path";
import { writeSafetensors } from "../../../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import { LABEL_SET_KEY } from "../../../src-main/engine/models/checkpoint-classes.ts";
import { tinyStateDict } from "../../helpers/tiny-checkpoint.ts";
import { workbenchClient } from "../../helpers/workbench-client.ts";
import { expect, openScreen, PICTURES, test } from "./fixtures.ts";

const OWN = {
  name: "Quarry",
  classes: [
    { name: "haul road", color: [230, 160, 20] },
    { name: "rock face", color: [90, 90, 200] },
    { name: "spoil heap", color: [20, 150, 120] },
  ],
};

test("a run of a checkpoint with classes of its own shows their names", async ({ workbench: page, server }) => {
  const path = join(server.workspace, "quarry.safetensors");
  await writeSafetensors(path, tinyStateDict(3), { [LABEL_SET_KEY]: JSON.stringify(OWN) });
  const opened = await workbenchClient(server).api.checkpoints.open.mutate({ path });
  expect(opened).toMatchObject({ numClasses: 3, problem: null, labelSet: { name: "Quarry" } });

  await openScreen(page, "Adapt");
  const form = page.getByRole("complementary", { name: "Parameters" });
  await form.getByRole("combobox", { name: "Checkpoint" }).click();
  await page.getByRole("option", { name: "quarry.safetensors" }).click();
  await form.getByRole("button", { name: /^Adapt/ }).click();
  await expect(page.getByRole("slider", { name: "Iteration" })).toBeVisible();
  for (const { name } of OWN.classes) await expect(page.getByText(name, { exact: true }).first()).toBeVisible();
  await page.screenshot({ path: `${PICTURES}/own-classes.png` });
  await openScreen(page, "Checkpoints");
  await page.getByText("quarry.safetensors").first().click();
  await expect(page.getByText("Quarry", { exact: false }).first()).toBeVisible();
  await page.screenshot({ path: `${PICTURES}/own-classes-checkpoint.png` });
});
