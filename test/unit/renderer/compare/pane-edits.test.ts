// Changes of the panes, and taking them back.
import { beforeEach, expect, test, vi } from "vitest";
import { useBlink } from "../../../../src-renderer/features/compare/blink.ts";
import {
  addPane,
  endSlide,
  removePane,
  setLayout,
  setPaneRun,
  setPaneSource,
  slideIteration,
} from "../../../../src-renderer/features/compare/pane-edits.ts";
import { firstPanes } from "../../../../src-renderer/features/compare/resolve-run.ts";
import { changeCompare, FIRST_COMPARE, paneOf, useCompare } from "../../../../src-renderer/state/compare.ts";
import { EMPTY_STACK, useHistory } from "../../../../src-renderer/state/history.ts";
import { runId, someRun } from "../runs/some-runs.ts";

const runs = [someRun("2"), someRun("1")];
const shown = firstPanes(runs);

const labels = () => useHistory.getState().done.map(({ label }) => label);
const panes = () => useCompare.getState().panes?.map((pane) => [pane.runId, pane.source, pane.iteration]);
const chosen = () => useCompare.getState().panes ?? shown;

beforeEach(() => {
  vi.stubGlobal("window", { matchMedia: () => ({ matches: false }) });
  useCompare.setState(FIRST_COMPARE);
  useHistory.setState(EMPTY_STACK);
});

test("another run in a pane is one step back, to what was there before anything was chosen", () => {
  setPaneRun(shown, 1, someRun("1"));
  expect(panes()?.[1]).toEqual([runId("1"), "result", null]);
  expect(labels()).toEqual([expect.stringMatching(/^show .+, Adapt · .+ in pane 2$/)]);
  useHistory.getState().undo();
  expect(useCompare.getState().panes).toBeNull();
  useHistory.getState().redo();
  expect(panes()?.[1]?.[0]).toBe(runId("1"));
});

test("every change of the panes leads back the way it came", () => {
  setPaneSource(shown, 0, "errors");
  addPane(chosen(), runs, true);
  const three = panes();
  removePane(chosen(), 1);
  expect(labels()).toEqual(["show errors in pane 1", "add pane 3", "take pane 2 away"]);
  useHistory.getState().undo();
  expect(panes()).toEqual(three);
  useHistory.getState().undo();
  expect(panes()?.map(([, source]) => source)).toEqual(["errors", "result"]);
  useHistory.getState().undo();
  expect(useCompare.getState().panes).toBeNull();
});

test("the pane that the first is compared with comes back with its pane", () => {
  const three = [someRun("3"), someRun("2"), someRun("1")].map((run) => paneOf(run));
  useCompare.setState({ panes: three });
  changeCompare("compare pane 1 with pane 3", { against: 2 });
  removePane(chosen(), 2);
  expect(useCompare.getState().against).toBe(1);
  useHistory.getState().undo();
  expect(useCompare.getState()).toMatchObject({ panes: three, against: 2 });
  useHistory.getState().undo();
  expect(useCompare.getState().against).toBe(1);
});

test("what is there already is no step", () => {
  setPaneSource(shown, 0, "before");
  setPaneRun(shown, 1, someRun("2"));
  setLayout("panes");
  removePane(shown, 0);
  endSlide(0);
  expect(labels()).toEqual([]);
});

test("a slider's way through the iterations is one step", () => {
  for (const iteration of [2, 4, 6]) slideIteration(chosen(), 1, iteration);
  endSlide(1);
  expect(labels()).toEqual(["show iteration 6 in pane 2"]);
  useHistory.getState().undo();
  expect(useCompare.getState().panes).toBeNull();
  useHistory.getState().redo();
  expect(panes()?.[1]?.[2]).toBe(6);
});

test("the arrangement comes back, and blinking stops with it", () => {
  setLayout("blink");
  expect(useBlink.getState().isPlaying).toBe(true);
  expect(labels()).toEqual(["show panes one after the other"]);
  useHistory.getState().undo();
  expect(useCompare.getState().layout).toBe("panes");
  expect(useBlink.getState().isPlaying).toBe(false);
});
