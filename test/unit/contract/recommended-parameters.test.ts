// The parameters that a checkpoint recommends: what is written is read back, and what can't be read says so.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  changedParameters,
  PUBLISHED_PARAMETERS,
  type RecommendedParameters,
  recommendedIn,
  recommendedMetadata,
} from "../../../src-shared/contract/recommended-parameters.ts";

const recommended = (parameters: object): RecommendedParameters => ({
  method: "self-adaptation",
  parameters: { ...PUBLISHED_PARAMETERS, ...parameters },
  foundOn: "Best of 12 combinations on 40 other images.",
});

describe("recommended parameters", () => {
  it("are read back as they were written", () => {
    const parameters = fc.record({
      scales: fc.array(fc.double({ min: 0.01, max: 4, noNaN: true }), { minLength: 1, maxLength: 4 }),
      baseLr: fc.double({ min: 0, max: 10, noNaN: true }).map((value) => value + 0),
      numEpochs: fc.nat(500),
      flips: fc.boolean(),
    });
    fc.assert(
      fc.property(parameters, (values) => {
        const written = recommended(values);
        expect(recommendedIn(recommendedMetadata(written), "a.safetensors")).toEqual(written);
      }),
    );
  });

  it("have the published recipe's value where they name none", () => {
    const text = JSON.stringify({ method: "self-adaptation", parameters: { baseLr: 0.01 }, foundOn: "Here." });
    expect(recommendedIn({ recommended: text }, "a.safetensors")?.parameters).toEqual({
      ...PUBLISHED_PARAMETERS,
      baseLr: 0.01,
    });
  });

  it("are none without the entry, or where a training checkpoint keeps something else under the name", () => {
    expect(recommendedIn({ epoch: 3 }, "a.pth")).toBeNull();
    expect(recommendedIn({ recommended: true }, "a.pth")).toBeNull();
  });

  it("are refused with the file, the reason and what to do where they can't be read", () => {
    const read = (value: unknown) => () => recommendedIn({ recommended: JSON.stringify(value) }, "a.safetensors");
    const good = { method: "self-adaptation", foundOn: "Here." };
    expect(read({ ...good, parameters: { numEpochs: -1 } })).toThrow(
      '"a.safetensors": this version can\'t read the recommended parameters (parameters.numEpochs: the number of iterations is 0 or more); follow the published recipe.',
    );
    // Left away, an unknown parameter would give other results than were found.
    expect(read({ ...good, parameters: { sharpness: 2 } })).toThrow("sharpness");
    expect(read({ ...good, method: "prompting", parameters: {} })).toThrow("method");
    expect(() => recommendedIn({ recommended: "lr=3" }, "a.safetensors")).toThrow("can't read");
  });

  it("differ from the published recipe in what was changed, and in nothing else", () => {
    const { parameters } = recommended({ baseLr: 0.02, scales: [0.5, 1] });
    expect(changedParameters(parameters, PUBLISHED_PARAMETERS)).toEqual({ baseLr: 0.02, scales: [0.5, 1] });
    expect(changedParameters(PUBLISHED_PARAMETERS, PUBLISHED_PARAMETERS)).toEqual({});
  });
});
