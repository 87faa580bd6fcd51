import { describe, expect, it } from "vitest";
import { arrangePanes } from "../../../../src-renderer/features/compare/arrange-panes.ts";
import { classDifferences, datasetClass } from "../../../../src-renderer/features/compare/class-differences.ts";
import { differenceBase, differenceFrom } from "../../../../src-renderer/features/compare/difference-base.ts";
import { paneLayer } from "../../../../src-renderer/features/compare/pane-layer.ts";
import { paneNames } from "../../../../src-renderer/features/compare/pane-names.ts";
import { firstPanes, resolveRun } from "../../../../src-renderer/features/compare/resolve-run.ts";
import type { ShownPane } from "../../../../src-renderer/features/compare/use-shown-panes.ts";
import { type ComparePane, paneOf } from "../../../../src-renderer/state/compare.ts";
import { checkpointIdSchema, groupIdSchema } from "../../../../src-shared/contract/workbench/ids.ts";
import { CITYSCAPES_19, SYNTHIA_16 } from "../../../../src-shared/labels/label-sets.ts";
import { imageId, runId, someConfig, someRun, someScores } from "../runs/some-runs.ts";

const OTHER = { id: checkpointIdSchema.parse("checkpoint1"), name: "Other", numClasses: 19 };

describe("the run a pane shows on an image", () => {
  const chosen = someRun("1", { config: someConfig({ baseLr: 0.01 }) });
  const pane = paneOf(chosen);

  it("is the chosen one on its own image", () => {
    expect(resolveRun(pane, [someRun("2"), chosen])).toEqual({ run: chosen, isSameWay: true });
  });

  it("is made with the same parameters elsewhere, however often predictions were kept", () => {
    const same = someRun("3", { config: someConfig({ baseLr: 0.01, keepEvery: 5 }) });
    expect(resolveRun(pane, [someRun("2"), same])).toEqual({ run: same, isSameWay: true });
  });

  it("says when only other parameters were tried there", () => {
    const other = someRun("2");
    expect(resolveRun(pane, [other])).toEqual({ run: other, isSameWay: false });
  });

  it("prefers the run of the same batch", () => {
    const groupId = groupIdSchema.parse("groupaaaa");
    const mine = someRun("4", { groupId });
    expect(resolveRun(paneOf(someRun("0", { groupId })), [someRun("5"), mine])?.run.id).toBe(runId("4"));
  });

  it("is none of another checkpoint or method", () => {
    expect(resolveRun(pane, [someRun("2", { checkpoint: OTHER })])).toBeNull();
    expect(resolveRun(pane, [someRun("2", { config: someConfig({ method: "tta" }) })])).toBeNull();
  });
});

describe("the panes before anything is chosen", () => {
  it("are the newest results of two checkpoints", () => {
    const panes = firstPanes([someRun("3"), someRun("2", { checkpoint: OTHER }), someRun("1")]);
    expect(panes.map(({ runId: id, source }) => [id, source])).toEqual([
      [runId("3"), "result"],
      [runId("2"), "result"],
    ]);
  });

  it("are one result before and after where there is one checkpoint", () => {
    const panes = firstPanes([someRun("3"), someRun("1")]);
    expect(panes.map(({ runId: id, source }) => [id, source])).toEqual([
      [runId("3"), "before"],
      [runId("3"), "result"],
    ]);
  });

  it("are none without results, and the same whenever they are asked for", () => {
    expect(firstPanes([])).toEqual([]);
    expect(firstPanes([someRun("3")])).toEqual(firstPanes([someRun("3")]));
  });
});

function shownPane(source: ComparePane["source"], place: number): ShownPane {
  const run = someRun(String(place));
  return {
    pane: { ...paneOf(run, source), key: `pane-${place}` },
    resolved: { run, isSameWay: true },
    whole: undefined,
    stop: { runId: run.id, iteration: 10 },
    before: { runId: run.id, iteration: 0 },
    scores: null,
  };
}

describe("the layer of a pane", () => {
  const context = {
    imageId: imageId("a"),
    modelClasses: CITYSCAPES_19,
    hasLabels: true,
    own: { runId: runId("b"), iteration: 10 },
    before: { runId: runId("b"), iteration: 0 },
    title: "Pane 2",
    base: {
      kind: "prediction",
      stop: { runId: runId("a"), iteration: 5 },
      title: "Pane 1",
      modelClasses: CITYSCAPES_19,
    },
    usesConfidence: false,
    errorBandPx: 0,
  } as const;

  it("takes differences from another pane's classes or from the truth, and tells both to the probe", () => {
    expect(paneLayer("difference", context)).toMatchObject({
      layer: { kind: "difference", from: `/runs/${runId("a")}/iterations/5/labels` },
      probed: { predictions: [{ title: "Pane 2" }, { title: "Pane 1" }] },
    });
    expect(paneLayer("difference", { ...context, base: { kind: "truth" } })).toMatchObject({
      layer: { from: `/images/${imageId("a")}/labels?classes=19` },
    });
    expect(paneLayer("difference", { ...context, base: { ...context.base, modelClasses: SYNTHIA_16 } }).status).toBe(
      "missing",
    );
  });

  it("counts a difference from any pane: its prediction, the truth it shows, and nothing of a photograph", () => {
    const sources = ["result", "truth", "image", "difference"] as const;
    const panes = sources.map((source, place) => shownPane(source, place));
    const from = (place: number) => {
      const pane = { ...panes[3]?.pane, differenceFrom: { kind: "pane", key: `pane-${place}` } } as ComparePane;
      return differenceBase({ ...shownPane("difference", 3), pane }, panes);
    };
    expect(from(0)).toMatchObject({ kind: "prediction", stop: { iteration: 10 }, title: "Pane 1" });
    expect(from(1)).toEqual({ kind: "truth" });
    expect(from(2)).toEqual({ kind: "missing", reason: "Pane 3 shows no classes" });
    // Taken away, or the pane itself: what its own run began with.
    expect(from(7)).toMatchObject({ kind: "prediction", stop: { iteration: 0 }, title: "Before" });
    expect(from(3)).toMatchObject({ kind: "prediction", stop: { iteration: 0 }, title: "Before" });
  });

  it("counts from the first pane where nothing was chosen, and in the first from before", () => {
    const panes = [shownPane("result", 0), shownPane("result", 1)].map(({ pane }) => pane);
    const [first, second] = panes as [ComparePane, ComparePane];
    expect(differenceFrom(first, panes)).toEqual({ kind: "before" });
    expect(differenceFrom(second, panes)).toEqual({ kind: "pane", key: first.key });
  });

  it("says what is missing", () => {
    expect(paneLayer("errors", { ...context, hasLabels: false })).toEqual({
      status: "missing",
      reason: "This image has no labels",
    });
    expect(paneLayer("result", { ...context, own: null }).status).toBe("missing");
    expect(paneLayer("image", { ...context, own: null }).status).toBe("ready");
  });
});

describe("differences class by class", () => {
  it("come with the largest first and leave out classes that nobody has", () => {
    const a = someScores(0.5, [0.5, 0.9, null, null]);
    const b = someScores(0.5, [0.6, 0.5, 0.3, null]);
    const rows = classDifferences(a, b, CITYSCAPES_19);
    expect(rows.map(({ name }) => name)).toEqual(["sidewalk", "road", "building"]);
    expect(rows[0]?.difference).toBeCloseTo(-0.4);
    expect(rows[2]).toMatchObject({ a: null, b: 0.3, difference: null });
  });

  it("name classes of 16 by the ids that datasets list", () => {
    expect(datasetClass(9, SYNTHIA_16)).toBe(10);
    expect(datasetClass(9, CITYSCAPES_19)).toBe(9);
  });
});

describe("the arrangement of panes", () => {
  it("puts wide images over one another on a square stage, tall ones side by side", () => {
    expect(arrangePanes(2, 2, 1.2)).toEqual({ columns: 1, rows: 2 });
    expect(arrangePanes(2, 0.7, 1.2)).toEqual({ columns: 2, rows: 1 });
  });

  it("makes a square of four", () => {
    expect(arrangePanes(4, 1.5, 1.5)).toEqual({ columns: 2, rows: 2 });
  });

  it("gives one pane all of it", () => {
    expect(arrangePanes(1, 2, 1)).toEqual({ columns: 1, rows: 1 });
  });
});

describe("the names of panes", () => {
  const slow = someRun("1", { config: someConfig({ baseLr: 0.01 }) });

  it("say what tells the runs apart, and nothing else", () => {
    expect(paneNames([someRun("2"), slow])).toEqual(["lr 0.05", "lr 0.01"]);
    expect(paneNames([someRun("2"), someRun("3", { checkpoint: OTHER })])).toEqual(["Network", "Other"]);
    expect(paneNames([slow, someRun("3", { checkpoint: OTHER })])).toEqual(["lr 0.01 · Network", "lr 0.05 · Other"]);
  });

  it("say what was done where nothing tells them apart", () => {
    expect(paneNames([slow, slow])[0]).toBe("Adapt · lr 0.01 · 10 iter. · threshold 0.7");
    expect(paneNames([null, slow])[0]).toBe("No result");
  });
});
