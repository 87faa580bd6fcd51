import { describe, expect, it } from "vitest";
import {
  FORMAT_GROUPS,
  FORMAT_WORDS,
  toggledFormat,
  usesOpacity,
  usesPalette,
} from "../../../../src-renderer/features/export/export-formats.ts";
import { commonIterations, planSummary, shownFiles } from "../../../../src-renderer/features/export/plan-words.ts";
import { useExportDialog } from "../../../../src-renderer/state/export-dialog.ts";
import { EXPORT_FORMATS } from "../../../../src-shared/contract/workbench/exports.ts";
import { runId, someKept } from "../runs/some-runs.ts";

describe("the formats of an export", () => {
  it("are each offered once, in words", () => {
    expect(FORMAT_GROUPS.flatMap(({ formats }) => formats).toSorted()).toEqual([...EXPORT_FORMATS].sort());
    expect(Object.keys(FORMAT_WORDS).sort()).toEqual([...EXPORT_FORMATS].sort());
  });

  it("are toggled in the order they are listed in", () => {
    expect(toggledFormat(["csv"], "trainIds")).toEqual(["trainIds", "csv"]);
    expect(toggledFormat(["trainIds", "csv"], "trainIds")).toEqual(["csv"]);
  });

  it("ask for palette and opacity only where these change a file", () => {
    expect([
      usesPalette(["trainIds"]),
      usesPalette(["color"]),
      usesOpacity(["color"]),
      usesOpacity(["overlay"]),
    ]).toEqual([false, true, false, true]);
  });
});

describe("the plan of an export", () => {
  const file = (name: string, exists: boolean) => ({ name, exists, format: "csv" as const, runId: runId("1") });

  it("counts what it would replace", () => {
    expect(planSummary({ files: [file("a", false), file("b", true)] })).toEqual({ files: 2, replaced: 1 });
  });

  it("never leaves out a file that would be replaced for one that is new", () => {
    const files = [file("a", false), file("b", false), file("c", true)];
    expect(shownFiles(files, 2).map(({ name }) => name)).toEqual(["c", "a"]);
    expect(shownFiles(files, 3)).toBe(files);
  });

  it("offers iterations that every run has kept", () => {
    const runs = [{ kept: [0, 1, 2].map((i) => someKept(i, 0.5)) }, { kept: [0, 2].map((i) => someKept(i, 0.5)) }];
    expect(commonIterations(runs)).toEqual([0, 2]);
    expect(commonIterations([])).toEqual([]);
  });
});

describe("the export dialog", () => {
  it("opens for runs, each once, and never for none", () => {
    const { open, close } = useExportDialog.getState();
    open([]);
    expect(useExportDialog.getState().target).toBeNull();
    open([runId("1"), runId("1")], 3);
    expect(useExportDialog.getState().target).toEqual({ runIds: [runId("1")], iteration: 3 });
    close();
    expect(useExportDialog.getState().target).toBeNull();
  });
});
