// Trainings whose labels say nothing: said at the first such step, refused after an epoch of them, or at the end.
import { expect, it } from "vitest";
import { LabelWatch } from "../../../../src-main/engine/training/label-watch.ts";
import type { Batch } from "../../../../src-main/engine/training/samples/sample.ts";

const batchOf = (...ids: number[]): Batch => ({
  "source.labels": { shape: [1, ids.length], data: Int32Array.from(ids) },
});
const EMPTY = batchOf(255, -1, 19);

it("a step without labels is told of once, until there are some again", () => {
  const watch = new LabelWatch(19, 4);
  expect(watch.hear(batchOf(255, 18), 1)).toBeNull();
  expect(watch.hear(EMPTY, 2)).toMatch(/No pixel of step 2 has a label/);
  expect(watch.hear(EMPTY, 3)).toBeNull();
  expect(watch.hear(batchOf(0), 4)).toBeNull();
  expect(watch.hear(EMPTY, 5)).toMatch(/step 5/);
  expect(() => watch.requireLabels()).not.toThrow();
});

it.each([
  [4, 20],
  [30, 30],
])("of epochs of %i steps, %i without labels are refused", (stepsPerEpoch, limit) => {
  const watch = new LabelWatch(19, stepsPerEpoch);
  for (let step = 1; step < limit; step += 1) watch.hear(EMPTY, step);
  expect(() => watch.hear(EMPTY, limit)).toThrow(/No pixel of the last \d+ steps had a label of the 19 classes/);
});

it("a short training without any is refused at its end, one without a source is not", () => {
  const watch = new LabelWatch(19, 2);
  watch.hear(EMPTY, 1);
  expect(() => watch.requireLabels()).toThrow(/No pixel of the training's steps/);
  const targetAlone = new LabelWatch(19, 2);
  targetAlone.hear({ "target.image": { shape: [1], data: new Float32Array(1) } }, 1);
  expect(() => targetAlone.requireLabels()).not.toThrow();
});
