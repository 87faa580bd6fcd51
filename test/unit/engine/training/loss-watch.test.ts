// When a training run counts as running away.
import { describe, expect, it } from "vitest";
import { LossWatch } from "../../../../src-main/engine/training/loss-watch.ts";

function heard(watch: LossWatch, losses: readonly number[]): (string | null)[] {
  return losses.map((loss) => watch.hear(loss));
}

describe("LossWatch", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])("stops at a loss of %f at once", (loss) => {
    expect(new LossWatch(19).hear(loss)).toBe(`The loss is ${loss}`);
  });

  it("lets a loss rise and fall", () => {
    const watch = new LossWatch(19);
    const losses = Array.from({ length: 200 }, (_, k) => 3 + 2.5 * Math.sin(k));
    expect(heard(watch, losses).every((trouble) => trouble === null)).toBe(true);
  });

  it("lets a single batch be far off", () => {
    const watch = new LossWatch(19);
    heard(watch, Array<number>(40).fill(1));
    expect(watch.hear(100)).toBeNull();
  });

  it("lets a run begin with any loss", () => {
    expect(heard(new LossWatch(19), Array<number>(20).fill(500)).every((trouble) => trouble === null)).toBe(true);
  });

  it("stops when twenty steps are far above the beginning", () => {
    const watch = new LossWatch(19);
    heard(watch, Array<number>(40).fill(2));
    const trouble = heard(watch, Array<number>(20).fill(30)).find((words) => words !== null);
    expect(trouble).toMatch(/^The mean loss of 20 steps is \d+\.\d+, far above the 2\.00 at the start,$/);
  });

  it("goes on from its state", () => {
    const watch = new LossWatch(19);
    heard(watch, Array<number>(40).fill(2));
    const resumed = new LossWatch(19, structuredClone(watch.state));
    expect(heard(resumed, Array<number>(20).fill(30))).toEqual(heard(watch, Array<number>(20).fill(30)));
  });
});
