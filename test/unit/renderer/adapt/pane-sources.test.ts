// Which planes each pane asks for, and what it says when there are none.

import { expect, test } from "vitest";
import {
  blinked,
  PANE_SOURCES,
  type PaneContext,
  paneRequest,
  probedPicture,
} from "../../../../src-renderer/features/adapt/pane-sources.ts";
import { predictionsIn, probeSubject } from "../../../../src-renderer/panes/probe-subjects.ts";
import { layerFrom, urlsOf } from "../../../../src-renderer/state/layer-requests.ts";
import { imageIdSchema, runIdSchema } from "../../../../src-shared/contract/workbench/ids.ts";
import { CITYSCAPES_19 } from "../../../../src-shared/labels/label-sets.ts";

const runId = runIdSchema.parse("run00001");
const otherId = runIdSchema.parse("run00002");
const full: PaneContext = {
  imageId: imageIdSchema.parse("image001"),
  modelClasses: CITYSCAPES_19,
  hasLabels: true,
  before: { runId, iteration: 0 },
  shown: { runId, iteration: 7 },
  reference: { runId, iteration: 0 },
  hasPseudoLabel: true,
  hasViews: true,
  usesConfidence: false,
  errorBandPx: 0,
};
const empty: PaneContext = {
  ...full,
  before: null,
  reference: null,
  shown: null,
  hasLabels: false,
  hasPseudoLabel: false,
};

const layerOf = (source: (typeof PANE_SOURCES)[number], context: PaneContext) => {
  const request = paneRequest(source, context);
  return request.status === "ready" ? request.layer : request.reason;
};

test("everything is there for a labelled image with a result", () => {
  for (const source of PANE_SOURCES) expect(paneRequest(source, full).status).toBe("ready");
});

test("only the image is there before anything was run, and each other pane says what is missing", () => {
  for (const source of PANE_SOURCES) {
    const request = paneRequest(source, empty);
    if (source === "image") expect(request).toEqual({ status: "ready", layer: { kind: "none" } });
    else expect(request).toMatchObject({ status: "missing", reason: expect.stringMatching(/\w/) });
  }
});

test("before is the unadapted prediction, after the one the scrubber is at", () => {
  expect(layerOf("before", full)).toMatchObject({ labels: "/runs/run00001/iterations/0/labels" });
  expect(layerOf("after", full)).toMatchObject({ labels: "/runs/run00001/iterations/7/labels" });
});

test("the difference is to the unadapted prediction, or to the chosen result", () => {
  expect(layerOf("difference", full)).toMatchObject({ from: "/runs/run00001/iterations/0/labels" });
  const other = { ...full, reference: { runId: otherId, iteration: 20 } };
  expect(layerOf("difference", other)).toMatchObject({ from: "/runs/run00002/iterations/20/labels" });
  expect(layerOf("reference", other)).toMatchObject({ labels: "/runs/run00002/iterations/20/labels" });
});

test("confidence is fetched with labels only while a threshold needs it", () => {
  expect(layerOf("after", full)).toMatchObject({ confidence: null });
  expect(layerOf("after", { ...full, usesConfidence: true })).toMatchObject({
    confidence: "/runs/run00001/iterations/7/confidence",
  });
});

test("says that a plain prediction has no pseudo-label, and that one is not fused yet", () => {
  expect(layerOf("pseudoLabel", { ...full, hasViews: false })).toMatch(/no pseudo-label/);
  expect(layerOf("pseudoLabel", { ...full, hasPseudoLabel: false })).toMatch(/not fused/i);
});

test("blinking swaps before and after", () => {
  expect(blinked("after")).toBe("before");
  expect(blinked("before")).toBe("after");
  expect(blinked("confidence")).toBe("before");
});

test("a layer is complete only with all of its planes", () => {
  const request = paneRequest("errors", full);
  if (request.status !== "ready") throw new Error("the request should be ready");
  const plane = { width: 1, height: 1, bytes: new Uint8Array(1) };
  const [first] = urlsOf(request.layer);
  expect(urlsOf(request.layer)).toHaveLength(2);
  expect(layerFrom(request.layer, (url) => (url === first ? plane : null))).toBeNull();
  expect(layerFrom(request.layer, () => plane)).toEqual({ kind: "errors", labels: plane, truth: plane, counted: null });
});

const probed = (source: (typeof PANE_SOURCES)[number], context: PaneContext = full) => probedPicture(source, context);
const told = (own: (typeof PANE_SOURCES)[number], visible: readonly (typeof PANE_SOURCES)[number][]) =>
  probeSubject(
    probed(own),
    visible.map((source) => probed(source)),
  );

test("the probe speaks of the pane's own prediction; over the photograph of one that is visible", () => {
  expect(told("before", ["before", "after"]).prediction?.labels).toBe("/runs/run00001/iterations/0/labels");
  expect(told("after", ["before", "after"]).prediction?.labels).toBe("/runs/run00001/iterations/7/labels");
  expect(told("image", ["image", "after"]).prediction?.labels).toBe("/runs/run00001/iterations/7/labels");
  expect(told("truth", ["before", "truth"]).prediction).toBeNull();
  expect(told("pseudoLabel", ["pseudoLabel"]).prediction?.labels).toBe("/runs/run00001/pseudo-label");
});

test("the probe never speaks of a layer that no pane shows", () => {
  expect(told("image", ["image"])).toEqual({ prediction: null, others: [], truth: null });
  expect(told("after", ["before", "after"]).truth).toBeNull();
  expect(told("after", ["after", "errors"]).truth?.labels).toBe("/images/image001/labels?classes=19");
  for (const source of PANE_SOURCES) expect(probed(source, empty)).toEqual({ predictions: [], truth: null });
});

test("a difference tells both of its predictions, and the truth it is judged by", () => {
  const subject = told("difference", ["difference"]);
  expect(subject.prediction?.title).toBe("After");
  expect(subject.others.map(({ title }) => title)).toEqual(["Before"]);
  expect(subject.truth).not.toBeNull();
});

test("a pin's row names every visible prediction once, whichever pane has the focus", () => {
  const titles = predictionsIn(
    ["before", "after", "difference", "confidence"].map((source) => probed(source as "after")),
  );
  expect(titles.map(({ title }) => title)).toEqual(["Before", "After"]);
});

test("anything is compared with the ground truth", () => {
  const againstTruth: PaneContext = { ...full, reference: "truth" };
  expect(layerOf("difference", againstTruth)).toMatchObject({ from: "/images/image001/labels?classes=19" });
  expect(layerOf("reference", againstTruth)).toMatchObject({ labels: "/images/image001/labels?classes=19" });
  expect(layerOf("difference", { ...againstTruth, hasLabels: false })).toMatch(/no labels/);
});
