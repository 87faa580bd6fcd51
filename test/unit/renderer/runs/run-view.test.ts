import { describe, expect, it } from "vitest";
import {
  changeFilter,
  FIRST_RUN_VIEW,
  selectedOnly,
  selectedRange,
  selectedToo,
  useRunView,
  withTruth,
} from "../../../../src-renderer/features/runs/run-view.ts";
import { compareRuns, useCompare } from "../../../../src-renderer/state/compare.ts";
import { useHistory } from "../../../../src-renderer/state/history.ts";
import { useNavigation } from "../../../../src-renderer/state/navigation.ts";
import { runId, someRun } from "./some-runs.ts";

describe("the selection of runs", () => {
  it("takes one alone, one more, and a range from where it began", () => {
    const one = selectedOnly(FIRST_RUN_VIEW, runId("1"));
    expect([...one.selected]).toEqual([runId("1")]);
    const two = selectedToo(one, runId("2"));
    expect([...two.selected]).toEqual([runId("1"), runId("2")]);
    expect([...selectedToo(two, runId("1")).selected]).toEqual([runId("2")]);
    const range = selectedRange(one, runId("3"), [runId("1"), runId("2"), runId("3")]);
    expect(range).toMatchObject({ cursor: runId("3"), anchor: runId("1") });
    expect(range.selected.size).toBe(3);
  });
});

describe("the filter of runs", () => {
  it("can be undone, and what was selected is not kept for another list", () => {
    useRunView.setState(selectedOnly(FIRST_RUN_VIEW, runId("1")));
    changeFilter("filter by status", { statuses: ["failed"] });
    expect(useRunView.getState()).toMatchObject({ filter: { statuses: ["failed"] }, cursor: null });
    useHistory.getState().undo();
    expect(useRunView.getState().filter.statuses).toEqual([]);
  });
});

describe("a sweep's figures", () => {
  it("go back to one without labels when labels are no longer used", () => {
    const view = {
      ...FIRST_RUN_VIEW,
      usesTruth: true,
      figure: "miou",
      sort: { by: "gain", descending: true },
    } as const;
    expect(withTruth(view, false)).toMatchObject({ usesTruth: false, figure: "entropy", sort: FIRST_RUN_VIEW.sort });
    expect(withTruth({ ...view, figure: "loss" }, false).figure).toBe("loss");
  });
});

describe("comparing runs", () => {
  it("opens them side by side on the first one's image, four at most", () => {
    compareRuns(["1", "2", "3", "4", "5"].map((name) => someRun(name)));
    expect(useCompare.getState().panes).toHaveLength(4);
    expect(useNavigation.getState()).toMatchObject({ screen: "compare", imageId: someRun("1").image.id });
  });

  it("compares one alone with where it began", () => {
    compareRuns([someRun("1")]);
    expect(useCompare.getState().panes?.map(({ source }) => source)).toEqual(["before", "result"]);
  });
});
