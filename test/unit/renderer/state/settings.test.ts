// Settings of this window and of others: changed at once, saved in order, followed where another window changed them.
import { QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { DEFAULT_DISPLAY, setDisplay, useDisplay } from "../../../../src-renderer/state/display.ts";
import { applyEvent } from "../../../../src-renderer/state/event-to-cache.ts";
import { queries } from "../../../../src-renderer/state/queries.ts";
import { queryClient } from "../../../../src-renderer/state/query-client.ts";
import {
  currentSettings,
  DEFAULT_SETTINGS,
  keepDisplaySaved,
  saveSettings,
} from "../../../../src-renderer/state/settings.ts";
import type { Settings } from "../../../../src-shared/contract/workbench/system.ts";
import { untilPassing } from "../../../helpers/until.ts";

const server = vi.hoisted(() => ({ setSettings: vi.fn<(settings: unknown) => Promise<void>>() }));
vi.mock("../../../../src-renderer/state/api.ts", () => ({
  api: { system: { setSettings: { mutate: server.setSettings } } },
}));

/** As the server tells it to every window. */
function hear(change: Partial<Settings>): void {
  applyEvent(queryClient, { type: "settingsChanged", settings: { ...DEFAULT_SETTINGS, ...change } });
}

beforeEach(() => {
  server.setSettings.mockReset().mockResolvedValue();
  setDisplay(DEFAULT_DISPLAY);
  queryClient.setQueryData(queries.settings().queryKey, DEFAULT_SETTINGS);
});
afterEach(() => queryClient.clear());

it("shows what another window saved, to everything that watches", () => {
  const themes: unknown[] = [];
  const observer = new QueryObserver(queryClient, { ...queries.settings(), notifyOnChangeProps: "all" });
  onTestFinished(observer.subscribe(({ data }) => themes.push(data?.theme)));
  hear({ theme: "dark", keys: { "run.start": "g" } });
  expect(currentSettings()).toEqual({ ...DEFAULT_SETTINGS, theme: "dark", keys: { "run.start": "g" } });
  return untilPassing(() => expect(themes.at(-1)).toBe("dark"));
});

it("draws with another window's palette and opacity, and does not save them again", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  onTestFinished(keepDisplaySaved());
  hear({ palette: "color-blind-safe", overlayOpacity: 0.25 });
  expect(useDisplay.getState()).toMatchObject({ palette: "color-blind-safe", opacity: 0.25 });
  vi.runAllTimers();
  expect(server.setSettings).not.toHaveBeenCalled();
});

it("keeps this window's changes that are still on their way over what is told meanwhile", async () => {
  let answer = () => {};
  server.setSettings.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  const first = saveSettings({ theme: "dark" });
  const second = saveSettings({ threads: 4 });
  await untilPassing(() => expect(server.setSettings).toHaveBeenCalledTimes(1));
  hear({ theme: "light", overlayOpacity: 0.25 });
  const merged = { ...DEFAULT_SETTINGS, theme: "dark", threads: 4, overlayOpacity: 0.25 };
  expect(currentSettings()).toEqual(merged);
  answer();
  await Promise.all([first, second]);
  // The second save carries what the other window changed.
  expect(server.setSettings).toHaveBeenLastCalledWith(merged);
  hear({ theme: "light" });
  expect(currentSettings()).toEqual({ ...DEFAULT_SETTINGS, theme: "light" });
});

it("holds on to nothing that could not be saved", async () => {
  server.setSettings.mockRejectedValueOnce(new Error("The disk is full."));
  await expect(saveSettings({ theme: "dark" })).rejects.toThrow("The disk is full.");
  hear({});
  expect(currentSettings().theme).toBe("auto");
});
