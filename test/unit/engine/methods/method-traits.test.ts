// What the contract says of training methods is what the engine does.
import { describe, expect, it } from "vitest";
import { trainingMethodOf } from "../../../../src-main/engine/methods/training-methods.ts";
import { traitsOf } from "../../../../src-shared/contract/training/method-traits.ts";
import { TRAINING_METHOD_NAMES } from "../../../../src-shared/contract/training/training-config.ts";
import { recipesOf, trialOf } from "../../../../src-shared/contract/training/training-recipes.ts";

describe.each(TRAINING_METHOD_NAMES)("%s", (name) => {
  const configs = [...recipesOf(name), trialOf(name)].flatMap((recipe) => recipe?.config ?? []);

  it("asks for a source where the engine does", () => {
    const { isSourceFree = false } = trainingMethodOf({ method: name } as never);
    expect(traitsOf({ method: name }).isSourceFree).toBe(isSourceFree);
  });

  it("has a target where the engine wants one", () => {
    expect(traitsOf({ method: name }).hasTarget).toBe(trainingMethodOf({ method: name } as never).hasTarget);
  });

  it.each([1, 3, 16, 17, 1000])("makes the steps that the engine plans, with %d images", (source) => {
    for (const config of configs) {
      const traits = traitsOf(config);
      // What of a source-free method is labelled are the target's images.
      const target = traits.isSourceFree ? source : 9;
      const images = { source, target: traits.hasTarget ? target : 0 };
      const { steps, stepsPerEpoch } = trainingMethodOf(config).samples(config, traits.hasTarget ? images : { source });
      expect(traits.steps(config, images)).toEqual({ perEpoch: stepsPerEpoch, total: steps });
    }
  });
});
