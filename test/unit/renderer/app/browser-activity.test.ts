// The tab's title and icon: how far the work is.
import { expect, it } from "vitest";
import { iconOf, titleOf } from "../../../../src-renderer/app/browser-activity.ts";
import { activityAfter, NO_ACTIVITY } from "../../../../src-shared/contract/workbench/activity.ts";
import { anEvaluation } from "../../../helpers/workbench-entities.ts";

it("the title has the progress of what computes, and nothing when all is done", () => {
  const evaluation = anEvaluation({ status: "running", done: 5, images: 12 });
  const during = activityAfter(NO_ACTIVITY, { type: "evaluationChanged", evaluation });
  expect(titleOf(during)).toBe("41 % · Acclimate");
  const after = activityAfter(during, {
    type: "evaluationChanged",
    evaluation: { ...evaluation, status: "finished", done: 12 },
  });
  expect(titleOf(after)).toBe("Acclimate");
});

it("the icon is a ring that closes", () => {
  const dash = (progress: number): string =>
    /stroke-dasharray="([\d.]+) 56.5"/.exec(decodeURIComponent(iconOf(progress)))?.[1] ?? "";
  expect([0, 0.5, 1, 7].map(dash)).toEqual(["0.0", "28.3", "56.5", "56.5"]);
});
