// Which parameters hold: those that are given, else the checkpoint's recommendation, else the published recipe.
import { describe, expect, it } from "vitest";
import { givenParameters, parametersFor, recipeLine } from "../../../../src-main/cli/options/recipe.ts";
import { PUBLISHED_PARAMETERS } from "../../../../src-shared/contract/recommended-parameters.ts";

const advice = { method: "self-adaptation", parameters: { baseLr: 0.01, numEpochs: 4 }, foundOn: "Best of 12." };
const checkpoint = (metadata: object) => ({ metadata, summary: { path: "a.safetensors" } }) as never; // no more is read
const advised = checkpoint({ recommended: JSON.stringify(advice) });
const plain = checkpoint({});

describe("the recipe", () => {
  it("is what the checkpoint recommends, unless the published one is asked for", () => {
    expect(parametersFor(undefined, {}, advised)).toEqual({
      parameters: { ...PUBLISHED_PARAMETERS, baseLr: 0.01, numEpochs: 4 },
      recipe: { name: "recommended", foundOn: "Best of 12.", given: [] },
    });
    const published = { parameters: PUBLISHED_PARAMETERS, recipe: { name: "published", foundOn: null, given: [] } };
    expect(parametersFor("published", {}, advised)).toEqual(published);
    expect(parametersFor(undefined, {}, plain)).toEqual(published);
  });

  it("gives way to every flag, also to one that says what the published recipe says", () => {
    const given = givenParameters({ baseLr: 0.05, flips: false, alpha: 0.3, output: "x", dropout: undefined });
    expect(given).toEqual({ baseLr: 0.05, flips: false });
    const { parameters, recipe } = parametersFor(undefined, given, advised);
    expect(parameters).toMatchObject({ baseLr: 0.05, numEpochs: 4, flips: false });
    expect(recipeLine(recipe)).toBe(
      "Parameters: recommended by the checkpoint, but for --flips, --base-lr. Best of 12.",
    );
    expect(recipeLine({ name: "published", foundOn: null, given: [] })).toBe("Parameters: the published recipe.");
  });

  it("is refused where it is asked for and not there, or can't be read", () => {
    expect(() => parametersFor("recommended", {}, plain)).toThrow('--recipe: "a.safetensors" recommends no parameters');
    const broken = checkpoint({ recommended: "{" });
    expect(() => parametersFor(undefined, {}, broken)).toThrow("follow the published recipe");
    expect(parametersFor("published", {}, broken).recipe.name).toBe("published");
  });

  it("refuses a flag that makes no sense, by its name", () => {
    expect(() => givenParameters({ threshold: 2 })).toThrow("--threshold: the threshold is between 0 and 1, not 2.");
  });
});
