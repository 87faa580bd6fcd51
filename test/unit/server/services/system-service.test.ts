// The program's own service: settings are saved, and every window hears of them.
import { expect, onTestFinished, test, vi } from "vitest";
import { type EngineView, System } from "../../../../src-main/server/services/system-service.ts";
import { openDatabase } from "../../../../src-main/workspace/open-database.ts";
import { SettingsStore } from "../../../../src-main/workspace/settings-store.ts";
import { workbenchEventSchema } from "../../../../src-shared/contract/workbench/events.ts";
import { settingsSchema } from "../../../../src-shared/contract/workbench/system.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";

const ENGINE: EngineView = {
  state: () => ({ status: "ready" }),
  memoryBytes: () => 0,
  devices: async () => [],
  restart: async () => {},
};

function openSystem() {
  const folder = temporaryFolder();
  const { database } = openDatabase(`${folder}/test.db`, new Date(0));
  onTestFinished(() => database.close());
  const publish = vi.fn();
  const workspace = { folder, settings: new SettingsStore(database), notices: [] };
  return {
    system: new System({ version: "1.0.0", proofKey: "p".repeat(43), workspace, engine: ENGINE, publish }),
    publish,
  };
}

test("tells every window of settings once they are saved", async () => {
  const { system, publish } = openSystem();
  const settings = { ...settingsSchema.parse({}), theme: "dark" as const, threads: 3 };
  await system.setSettings(settings);
  expect(publish.mock.calls).toEqual([[{ type: "settingsChanged", settings }]]);
  expect(workbenchEventSchema.parse(publish.mock.calls[0]?.[0])).toEqual({ type: "settingsChanged", settings });
  expect(await system.settings()).toEqual(settings);
});

test("tells nothing of settings that are only read", async () => {
  const { system, publish } = openSystem();
  expect(await system.settings()).toEqual(settingsSchema.parse({}));
  expect(publish).not.toHaveBeenCalled();
});
