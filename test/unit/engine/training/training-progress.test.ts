// Which weights are the best ones.
import { expect, it } from "vitest";
import { bestOf, withScore } from "../../../../src-main/engine/training/training-progress.ts";
import type { BestScore } from "../../../../src-shared/contract/training/variant-score.ts";

const score = (value: number, miou: number, epoch = 1): BestScore => ({ name: "alpha", value, miou, epoch });

it("keeps the better score of each variant, and the earlier of equal ones", () => {
  const bests = [score(0, 0.3, 1), score(0.1, 0.4, 1)];
  expect(withScore(bests, score(0.1, 0.5, 2))).toEqual([score(0, 0.3, 1), score(0.1, 0.5, 2)]);
  expect(withScore(bests, score(0.1, 0.4, 2))).toBe(bests);
});

it("does not keep a score of nothing", () => {
  expect(withScore([], score(0, 0))).toEqual([]);
});

it("takes the best, of equal ones the smallest", () => {
  expect(bestOf([score(0.2, 0.5), score(0.1, 0.5), score(0, 0.4)])).toEqual(score(0.1, 0.5));
  expect(bestOf([])).toBeNull();
});
