// A network in an ONNX file, of no architecture that the program has: opened, adapted and described like any other.
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../helpers/run-cli.ts";
import { workbenchClient } from "../../helpers/workbench-client.ts";
import { expect, openScreen, PICTURES, test } from "./fixtures.ts";

const OWN = {
  name: "Quarry",
  classes: [
    { name: "haul road", color: [230, 160, 20] },
    { name: "rock face", color: [90, 90, 200] },
    { name: "spoil heap", color: [20, 150, 120] },
    { name: "water", color: [40, 90, 220] },
    { name: "machine", color: [220, 40, 60] },
  ],
};

test("an ONNX file adapts in the window", async ({ workbench: page, server }) => {
  const path = join(server.workspace, "lraspp.onnx");
  await copyFile(join(ROOT, "test/fixtures/onnx/lraspp.kept.onnx"), path);
  await writeFile(join(server.workspace, "lraspp.label-set.json"), JSON.stringify(OWN));
  await writeFile(`${path}.json`, JSON.stringify({ input: "imagenet" }));
  const opened = await workbenchClient(server).api.checkpoints.open.mutate({ path });
  expect(opened).toMatchObject({ format: "onnx", arch: "onnx", numClasses: 5, problem: null });

  await openScreen(page, "Adapt");
  const form = page.getByRole("complementary", { name: "Parameters" });
  await form.getByRole("combobox", { name: "Checkpoint" }).click();
  await page.getByRole("option", { name: "lraspp.onnx" }).click();
  await form.getByRole("button", { name: /^Adapt/ }).click();
  await expect(page.getByRole("slider", { name: "Iteration" })).toBeVisible();
  await expect(page.getByText("spoil heap", { exact: true }).first()).toBeVisible();
  await page.screenshot({ path: `${PICTURES}/any-model.png` });

  await openScreen(page, "Checkpoints");
  await page.getByText("lraspp.onnx").first().click();
  await expect(page.getByText("Quarry", { exact: false }).first()).toBeVisible();
  await page.screenshot({ path: `${PICTURES}/any-model-checkpoint.png` });
  const { id } = opened;
  const description = await workbenchClient(server).api.checkpoints.architecture.query({
    id,
    size: { width: 128, height: 64 },
  });
  expect(description.stages.map(({ name }) => name)).toEqual(["part 1", "part 2", "part 3", "part 4"]);
});
