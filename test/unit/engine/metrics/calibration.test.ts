// Calibration error against its definition, bin by bin.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { predictionPlanes } from "../../../../src-main/engine/images/prediction-planes.ts";
import {
  addConfidences,
  addToCalibration,
  type Calibration,
  calibrationScores,
  emptyCalibration,
} from "../../../../src-main/engine/metrics/calibration.ts";

const K = 3;

interface Pixel {
  readonly logits: readonly number[];
  readonly label: number;
}

const anyPixel: fc.Arbitrary<Pixel> = fc.record({
  // Steps of 1/8, so that rounding cannot turn a difference into a tie.
  logits: fc.array(
    fc.integer({ min: -48, max: 48 }).map((eighths) => eighths / 8),
    { minLength: K, maxLength: K },
  ),
  label: fc.constantFrom(0, 1, 2, 3, 255),
});

function calibrationOf(images: readonly (readonly Pixel[])[]): Calibration {
  const calibration = emptyCalibration(K);
  for (const pixels of images) {
    const logits = Float32Array.from([0, 1, 2].flatMap((k) => pixels.map((pixel) => Number(pixel.logits[k]))));
    addToCalibration(
      calibration,
      logits,
      Uint8Array.from(pixels, ({ label }) => label),
    );
  }
  return calibration;
}

/** n · ECE of one class in one image, bin by bin from the definition. */
function weightedErrorByDefinition(pixels: readonly Pixel[], label: number): number {
  const judged = pixels
    .filter((pixel) => pixel.label === label)
    .map(({ logits }) => {
      const exps = logits.map((logit) => Math.exp(logit));
      const best = Math.max(...exps);
      const confidence = Math.fround(best / exps.reduce((sum, exp) => sum + exp, 0));
      return { confidence, correct: exps.indexOf(best) === label ? 1 : 0 };
    });
  let error = 0;
  for (let b = 0; b < 10; b++) {
    const bin = judged.filter(
      ({ confidence }) => confidence > Math.fround(b / 10) && confidence <= Math.fround((b + 1) / 10),
    );
    error += Math.abs(bin.reduce((sum, { confidence, correct }) => sum + confidence - correct, 0));
  }
  return error;
}

describe("calibration", () => {
  it("equals its definition, image by image", () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyPixel, { maxLength: 12 }), { maxLength: 3 }), (images) => {
        const { weightedErrors, pixels } = calibrationOf(images);
        for (let c = 0; c < K; c++) {
          const expected = images.reduce((sum, image) => sum + weightedErrorByDefinition(image, c), 0);
          expect(weightedErrors[c]).toBeCloseTo(expected, 5);
          expect(pixels[c]).toBe(images.flat().filter(({ label }) => label === c).length);
        }
      }),
    );
  });

  it("is 0 for a network that is certain and right, and such pixels fall out of the diagram", () => {
    const { ece, reliability } = calibrationScores(calibrationOf([[{ logits: [200, 0, 0], label: 0 }]]));
    expect(ece).toBe(0);
    expect([...reliability.accuracy]).toEqual(Array(10).fill(0));
  });

  it("is 1 for its class when the network is certain and wrong; absent classes count as 0", () => {
    const { ece, ecePerClass } = calibrationScores(calibrationOf([[{ logits: [200, 0, 0], label: 1 }]]));
    expect(ecePerClass[1]).toBeCloseTo(1, 8);
    expect(ece).toBeCloseTo(1 / 3, 8);
  });

  it("does not pool bins over images", () => {
    const right = { logits: [0.1, 0, 0], label: 0 };
    const wrong = { logits: [0, 0.1, 0], label: 0 };
    const pooled = calibrationScores(calibrationOf([[right, wrong]])).ece;
    expect(calibrationScores(calibrationOf([[right], [wrong]])).ece).toBeGreaterThan(pooled + 0.05);
  });

  it("puts a confidence on an edge into the lower bin for the error and the upper one for the diagram", () => {
    // Two equal logits and one far below: confidence exactly 0.5.
    const { reliability } = calibrationScores(calibrationOf([[{ logits: [0, 0, -1e9], label: 0 }]]));
    expect(reliability.confidence[4]).toBe(0);
    expect(reliability.confidence[5]).toBeCloseTo(0.5 / 3, 6);
  });

  it("leaves pixels without a number out of all bins", () => {
    const { weightedErrors, pixels } = calibrationOf([[{ logits: [Number.NaN, Number.NaN, Number.NaN], label: 0 }]]);
    expect([weightedErrors[0], pixels[0]]).toEqual([0, 1]);
  });

  it("is the same from the probabilities that a prediction's planes hold", () => {
    const pixels = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 4 * K, maxLength: 4 * K });
    fc.assert(
      fc.property(pixels, (values) => {
        const logits = Float32Array.from(values);
        const ids = Uint8Array.of(0, 1, 2, 255);
        const [fromLogits, fromPlanes] = [emptyCalibration(K), emptyCalibration(K)];
        addToCalibration(fromLogits, logits, ids);
        const { probabilities, labels } = predictionPlanes(logits, "logits", K, 2, 2);
        addConfidences(fromPlanes, probabilities, labels, ids);
        expect(fromPlanes.pixels).toEqual(fromLogits.pixels);
        const [a, b] = [fromPlanes, fromLogits].map((sums) => calibrationScores(sums).ece);
        expect(a).toBeCloseTo(b ?? Number.NaN, 6);
      }),
    );
  });

  it("calls logits and labels of different size a bug", () => {
    expect(() => addToCalibration(emptyCalibration(2), new Float32Array(4), new Uint8Array(3))).toThrow(
      /4 logits for 3 labels/,
    );
  });
});
