// Which alphas weights are validated with.
import { expect, it } from "vitest";
import { alphaGrid } from "../../../../../src-main/engine/methods/source-training/alpha-grid.ts";

const ADAPTIVE = { normalization: "adaptive" } as const;

it("goes from 0 to 1 in the recipe's eleven steps, as decimals and not as sums of them", () => {
  expect(alphaGrid({ alpha: null, numAlphas: 11 }, ADAPTIVE)).toEqual([
    0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
  ]);
});

it("rounds to five decimals", () => {
  expect(alphaGrid({ alpha: null, numAlphas: 4 }, ADAPTIVE)).toEqual([0, 0.33333, 0.66667, 1]);
});

it("of one alpha is 0", () => {
  expect(alphaGrid({ alpha: null, numAlphas: 1 }, ADAPTIVE)).toEqual([0]);
});

it("is the alpha that was asked for, whatever the size", () => {
  expect(alphaGrid({ alpha: 0.25, numAlphas: 11 }, ADAPTIVE)).toEqual([0.25]);
});

it("is nothing but 0 where normalisation is plain", () => {
  expect(alphaGrid({ alpha: null, numAlphas: 11 }, { normalization: "plain" })).toEqual([0]);
});
