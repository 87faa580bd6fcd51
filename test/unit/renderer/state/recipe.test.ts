// Recipes in forms: what a form follows, when it goes on to follow another checkpoint, and what differs from a run.
import { beforeEach, describe, expect, it } from "vitest";
import { followCheckpoint, RECIPE, startConfig, useAdaptForm } from "../../../../src-renderer/state/adapt-form.ts";
import { differingParameters } from "../../../../src-renderer/state/parameter-differences.ts";
import { recipeOf, recommendedWords, withParameters } from "../../../../src-renderer/state/recipe.ts";
import {
  PUBLISHED_PARAMETERS,
  type RecommendedParameters,
} from "../../../../src-shared/contract/recommended-parameters.ts";
import { aCheckpoint } from "../../../helpers/workbench-entities.ts";

const parameters = { ...PUBLISHED_PARAMETERS, baseLr: 0.01, resnetLayers: [1, 2, 3] };
const recommended: RecommendedParameters = { method: "self-adaptation", parameters, foundOn: "Here." };
const advised = aCheckpoint({ recommended });
const plain = aCheckpoint();
const formConfig = () => useAdaptForm.getState().config;

beforeEach(() => useAdaptForm.setState({ config: RECIPE, base: PUBLISHED_PARAMETERS, ownRuns: [] }));

describe("a form", () => {
  it("that nobody has changed follows what each chosen checkpoint recommends", () => {
    useAdaptForm.setState({ config: { ...RECIPE, method: "tta", keepEvery: 5 } });
    followCheckpoint(advised);
    expect(formConfig()).toEqual({ ...RECIPE, ...parameters, method: "tta", keepEvery: 5 });
    expect(recipeOf(formConfig(), advised)).toBe("recommended");
    followCheckpoint(plain);
    expect(formConfig()).toEqual({ ...RECIPE, method: "tta", keepEvery: 5 });
    expect(recipeOf(formConfig(), plain)).toBe("published");
  });

  it("that was changed stays as it is, also one that was put back to the published recipe", () => {
    followCheckpoint(advised);
    useAdaptForm.setState({ config: { ...startConfig(advised), numEpochs: 3 } });
    followCheckpoint(plain);
    expect(formConfig()).toMatchObject({ numEpochs: 3, baseLr: 0.01 });
    expect(recipeOf(formConfig(), advised)).toBeNull();

    useAdaptForm.setState({ config: withParameters(startConfig(advised), PUBLISHED_PARAMETERS), base: parameters });
    followCheckpoint(advised);
    expect(recipeOf(formConfig(), advised)).toBe("published");
  });

  it("with another alpha follows no recipe", () => {
    expect(recipeOf({ ...RECIPE, alpha: 0.1 }, plain)).toBeNull();
    expect(withParameters({ ...RECIPE, alpha: 0.1 }, parameters).alpha).toBeNull();
  });

  it("names what the recommendation has otherwise", () => {
    expect(recommendedWords(parameters)).toEqual(["lr 0.01", "frozen 1, 2, 3"]);
    expect(recommendedWords(PUBLISHED_PARAMETERS)).toEqual([]);
  });
});

describe("the differences from a run", () => {
  it("are what the run has otherwise, of the parameters that its method has", () => {
    const run = { ...RECIPE, numEpochs: 2, alpha: 0.5, keepEvery: 2, scales: [1] };
    expect(differingParameters(RECIPE, run)).toEqual(["alpha 0.5", "iterations 2", "scales 1"]);
    expect(differingParameters(RECIPE, { ...run, method: "predict" })).toEqual(["method Predict", "alpha 0.5"]);
    expect(differingParameters(RECIPE, { ...RECIPE, keepEvery: 2 })).toEqual([]);
  });
});
