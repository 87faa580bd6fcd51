// What is shown of a prediction, against plain arithmetic over every pixel.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argmaxLabels } from "../../../../src-main/engine/images/argmax.ts";
import { predictionPlanes } from "../../../../src-main/engine/images/prediction-planes.ts";

/** The same by the definition, pixel by pixel. */
function planesOfPixel(scores: readonly number[], kind: "logits" | "probabilities") {
  const raw = kind === "logits" ? scores.map((score) => Math.exp(score - Math.max(...scores))) : scores;
  const sum = raw.reduce((a, b) => a + b, 0);
  const probabilities = raw.map((value) => value / sum);
  const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const entropy = -probabilities.reduce((a, p) => a + (p > 0 ? p * Math.log(p) : 0), 0) / Math.log(scores.length);
  const of = (rank: number): number => probabilities[order[rank] ?? 0] ?? 0;
  return { order, entropy, probabilities: [of(0), of(1), of(2)] };
}

const NUM_CLASSES = 5;
const WIDTH = 7;

function checkAgainstDefinition(scores: Float32Array, kind: "logits" | "probabilities"): void {
  const pixels = scores.length / NUM_CLASSES;
  const height = pixels / WIDTH;
  const planes = predictionPlanes(scores, kind, NUM_CLASSES, height, WIDTH);
  expect(planes.labels).toEqual(argmaxLabels(scores, NUM_CLASSES, height, WIDTH).data);
  let confidence = 0;
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const own = Array.from({ length: NUM_CLASSES }, (_, k) => scores[k * pixels + pixel] ?? 0);
    const { order, entropy, probabilities } = planesOfPixel(own, kind);
    const [first = 0, second = 0, third = 0] = probabilities;
    confidence += first;
    const candidates = planes.candidates.subarray(4 * pixel, 4 * pixel + 4);
    expect([planes.labels[pixel], candidates[0], candidates[2]]).toEqual(order.slice(0, 3));
    // Rounded: half a step, and a little for the arithmetic.
    expect(Math.abs((planes.confidence[pixel] ?? 0) - 255 * first)).toBeLessThan(0.501);
    expect(Math.abs((planes.entropy[pixel] ?? 0) - 255 * entropy)).toBeLessThan(0.501);
    expect(Math.abs((candidates[1] ?? 0) - 255 * second)).toBeLessThan(0.501);
    expect(Math.abs((candidates[3] ?? 0) - 255 * third)).toBeLessThan(0.501);
  }
  expect(planes.meanConfidence).toBeCloseTo(confidence / pixels, 6);
}

const HEIGHTS = fc.integer({ min: 1, max: 60 }); // more pixels than are handled at a time

describe("predictionPlanes", () => {
  it("follows the definition for logits", () => {
    const logits = HEIGHTS.chain((height) => {
      const length = NUM_CLASSES * height * WIDTH;
      return fc.float32Array({ min: -40, max: 40, noNaN: true, minLength: length, maxLength: length });
    });
    fc.assert(
      fc.property(logits, (scores) => checkAgainstDefinition(scores, "logits")),
      { numRuns: 50 },
    );
  });

  it("follows the definition for probabilities", () => {
    const probabilities = HEIGHTS.chain((height) => {
      const length = NUM_CLASSES * height * WIDTH;
      const positive = Math.fround(1e-3);
      return fc.float32Array({ min: positive, max: 1, noNaN: true, minLength: length, maxLength: length });
    });
    fc.assert(
      fc.property(probabilities, (scores) => checkAgainstDefinition(scores, "probabilities")),
      { numRuns: 50 },
    );
  });

  it("is certain where one class has it all, and knows nothing where all are equal", () => {
    const certain = predictionPlanes(Float32Array.of(0, 90, 0), "logits", 3, 1, 1);
    expect([certain.labels[0], certain.confidence[0], certain.entropy[0]]).toEqual([1, 255, 0]);
    const even = predictionPlanes(Float32Array.of(2, 2, 2), "logits", 3, 1, 1);
    expect([even.labels[0], even.confidence[0], even.entropy[0]]).toEqual([0, 85, 255]);
    expect([...even.candidates]).toEqual([1, 85, 2, 85]);
  });

  it("gives up on scores that are not numbers: the methods look before", () => {
    const broken = Float32Array.of(0, Number.NaN, 0);
    expect(() => predictionPlanes(broken, "logits", 3, 1, 1)).toThrow(/not a number/);
    expect(() => predictionPlanes(broken, "probabilities", 3, 1, 1)).toThrow(/not a number/);
  });
});
