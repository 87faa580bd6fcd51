// A run's report tells the gain as the window does: from the checkpoint as it is stored.
import { expect, test } from "vitest";
import { reportPage } from "../../../../../../src-main/engine/process/exports/report/report-page.ts";
import { labelSetFor } from "../../../../../../src-shared/labels/label-sets.ts";
import { exampleRun } from "../../../../../helpers/example-run.ts";

const { names, palette } = labelSetFor(19);

/** Road and sidewalk are labelled. */
const scores = (miou: number) => ({
  miou,
  iou: names.map((_, trainId) => (trainId < 2 ? miou : null)),
  miouPresent: miou,
  present: [0, 1],
});

const kept = (iteration: number, miou: number) => ({
  iteration,
  scores: scores(miou),
  meanConfidence: 0.5,
  meanEntropy: 0.25,
  figures: null,
});

const reference = (kind: "stored" | "source", miou: number) => ({
  ...{ kind, alpha: 0, hasPlanes: false, scores: scores(miou), figures: null },
  ...{ meanConfidence: 0.5, meanEntropy: 0.25 },
});

function pageOf(changes: Parameters<typeof exampleRun>[0]): string {
  return reportPage({
    ...{ run: exampleRun(changes), command: "acclimate adapt 000.png", iteration: 2, pictures: [] },
    ...{ classNames: names, palette, sharesBefore: [1], sharesAfter: [1], changedShare: 0 },
  });
}

test("the gain is counted from the checkpoint as stored, not from the run's own alpha; the source's figure stands beside", () => {
  const page = pageOf({
    changes: {
      kept: [kept(0, 0.5), kept(2, 0.6)],
      references: [reference("stored", 0.4), reference("source", 0.3)],
    },
  });
  expect(page).toMatch(/Better by 20\.0\spoints of mean IoU/);
  expect(page).toMatch(/as stored → now<\/dt><dd>40\.0\s%\s→\s60\.0\s%/);
  expect(page).toMatch(/Mean IoU with alpha 0<\/dt><dd>30\.0\s%/);
  expect(page).toContain("Mean IoU of the labelled classes (road, sidewalk)");
});

test("without labels it says what can be said without them", () => {
  const page = pageOf({});
  expect(page).toContain('<p class="verdict">');
  expect(page).not.toContain("Mean IoU");
});
