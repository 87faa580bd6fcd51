// The published configurations of DAFormer and EBDA, and the trial that a notebook manages.
import { expect, it } from "vitest";
import { traitsOf } from "../../../src-shared/contract/training/method-traits.ts";
import { recipesOf, trialOf } from "../../../src-shared/contract/training/training-recipes.ts";

it.each(["daformer", "entropy-balancing"] as const)("%s has the published iterations and a trial", (method) => {
  const images = { source: 2975, target: 1600 };
  const totals = recipesOf(method).map(({ config }) => traitsOf(config).steps(config, images).total);
  expect(totals).toEqual([50_000, 50_000, 40_000]);
  expect(trialOf(method)?.config).toMatchObject({ method, encoder: "mit_b0", rareMinPixels: 0 });
});
