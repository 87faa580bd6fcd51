// The consistency core against the specification's reference numbers, and its gradient against differences of the loss.
import { describe, expect, test } from "vitest";
import { gradient } from "../../../../../src-main/engine/graph/gradients.ts";
import { abs } from "../../../../../src-main/engine/graph/ops/abs.ts";
import { concat } from "../../../../../src-main/engine/graph/ops/concat.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { reduceSum } from "../../../../../src-main/engine/graph/ops/reduce-sum.ts";
import { reshape } from "../../../../../src-main/engine/graph/ops/reshape.ts";
import { slice } from "../../../../../src-main/engine/graph/ops/slice.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import { affineInverseOf, affineOf } from "../../../../../src-main/engine/methods/da-sac/affine-matrices.ts";
import {
  freshPrior,
  thresholdDiscount,
  updatedPrior,
} from "../../../../../src-main/engine/methods/da-sac/class-prior.ts";
import { consistencyLoss, consistencyTargets } from "../../../../../src-main/engine/methods/da-sac/consistency.ts";
import { sampleBasedLabels } from "../../../../../src-main/engine/methods/da-sac/sample-based-labels.ts";
import { consistencySettingsSchema } from "../../../../../src-shared/contract/training/da-sac.ts";
import { evaluateNamed, onnxRuntime, RUNTIMES } from "../../../../helpers/runtimes-under-test.ts";
import { type TestTensor, tensor, uniform } from "../../../../helpers/seeded-tensors.ts";

const SETTINGS = consistencySettingsSchema.parse({});
const SIZE = [8, 16] as const;
const [HEIGHT, WIDTH] = SIZE;
const PIXELS = HEIGHT * WIDTH;
const WHOLE = { copies: 4, cropsPerDevice: 4 };
const PAIRS = { copies: 4, cropsPerDevice: 2 };

/** Place and size of each crop in the frame, its scale, and whether it is mirrored. Source: spec "12.1". */
const CROPS = [
  { top: 0, left: 0, height: 8, width: 16, scale: 1, flip: -1 },
  { top: 1, left: 3, height: 6, width: 12, scale: 0.75, flip: 1 },
  { top: 0, left: 8, height: 4, width: 8, scale: 0.5, flip: -1 },
  { top: 1, left: 0, height: 6, width: 13, scale: 0.82, flip: 1 },
] as const;

const GEOMETRIES = CROPS.map(({ top, left, height, width, scale, flip }) => ({
  dy: top + height / 2 - HEIGHT / 2,
  dx: left + width / 2 - WIDTH / 2,
  angle: 0,
  inverseScale: 1 / scale,
  flip,
}));

function logitsOf(height: number, width: number, slope: number): TestTensor {
  const data: number[] = [];
  for (let b = 0; b < 4; b++) {
    for (let c = 0; c < 3; c++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          data.push(2.5 * Math.sin(slope * (0.9 * b + 1.7 * c + 0.8 * y + 0.45 * x)) + (c === 0 ? 0.5 : 0));
        }
      }
    }
  }
  return tensor([4, 3, height, width], data);
}

const padding = new Float32Array(4 * PIXELS);
padding.fill(1, PIXELS, PIXELS + 2); // two pixels of crop 1

const INPUTS = new Map<string, TestTensor>([
  ["teacher", logitsOf(3, 5, 1)],
  ["student", logitsOf(8, 16, 0.6)],
  [
    "affine",
    tensor(
      [4, 2, 3],
      GEOMETRIES.flatMap((geometry) => [...affineOf(geometry, SIZE)]),
    ),
  ],
  [
    "affineInverse",
    tensor(
      [4, 2, 3],
      GEOMETRIES.flatMap((geometry) => [...affineInverseOf(geometry, SIZE)]),
    ),
  ],
  ["padding", { shape: [4, 1, HEIGHT, WIDTH], data: padding }],
  ["prior", { shape: [3], data: freshPrior(3, SETTINGS) }],
]);

const STUDENT = input("student", [4, 3, HEIGHT, WIDTH]);

function targetsOf(counts = WHOLE, settings = SETTINGS) {
  const view = {
    logits: input("teacher", [4, 3, 3, 5]),
    affine: input("affine", [4, 2, 3]),
    affineInverse: input("affineInverse", [4, 2, 3]),
    padding: input("padding", [4, 1, HEIGHT, WIDTH]),
    prior: input("prior", [3]),
  };
  return consistencyTargets(view, SIZE, counts, settings);
}

/** The values of all classes at a pixel of a map [N, 3, 8, 16]. */
function at(map: ArrayLike<number>, crop: number, y: number, x: number): number[] {
  return [0, 1, 2].map((c) => map[((crop * 3 + c) * HEIGHT + y) * WIDTH + x] ?? Number.NaN);
}

function expectClose(found: Iterable<number>, wanted: readonly number[], digits = 5): void {
  const values = [...found];
  expect(values.length).toBe(wanted.length);
  for (const [k, value] of wanted.entries()) expect(values[k], `number ${k}`).toBeCloseTo(value, digits);
}

const perCropSum = (map: Node): Node => reduceSum(map, [1, 2, 3]);

test("the matrices of the example", () => {
  expect(GEOMETRIES.slice(1).map(({ dy, dx }) => [dy, dx])).toEqual([
    [0, 1],
    [-2, 4],
    [0, -1.5],
  ]);
  const entries = (name: string, crop: number) => [...(INPUTS.get(name)?.data ?? [])].slice(6 * crop, 6 * crop + 6);
  expectClose(entries("affine", 2), [-2, 0, -1, 0, 2, 1]);
  expectClose(entries("affineInverse", 2), [-0.5, 0, -0.5, 0, 0.5, -0.5]);
  expectClose([entries("affine", 3)[2] ?? 0, entries("affineInverse", 3)[2] ?? 0], [0.228659, -0.1875]);
});

describe.each(RUNTIMES)("fusion, thresholds and loss on %s", (_name, runtime) => {
  test("the reference numbers of four crops on one device", async () => {
    const targets = targetsOf();
    const { fusion, labels } = targets;
    if (fusion === null) throw new Error("crops are not fused");
    const released = consistencyLoss(STUDENT, targets, WHOLE, SETTINGS);
    const found = await evaluateNamed(runtime, INPUTS, {
      probabilities: targets.probabilities,
      aligned: fusion.aligned,
      alignedSums: perCropSum(fusion.aligned),
      coverage: fusion.coverage,
      fused: fusion.fused.probabilities,
      refined: targets.refined,
      refinedSums: perCropSum(targets.refined),
      prior: targets.prior,
      discount: thresholdDiscount(targets.prior, SETTINGS),
      confidenceSums: perCropSum(labels.confidence),
      labels: labels.labels,
      kept: labels.keptPixels,
      loss: released.loss,
      plainLoss: reduceSum(released.perClass, [0]),
      gradientSum: reduceSum(abs(gradient(released.loss, STUDENT)), [0, 1, 2, 3]),
      paper: consistencyLoss(STUDENT, targets, WHOLE, { ...SETTINGS, loss: "paper" }).loss,
      pairs: consistencyLoss(STUDENT, twice(targets), PAIRS, SETTINGS).loss,
    });
    expectClose(found.prior, [0.48429, 0.094145, 0.421565]);
    expectClose(at(found.probabilities, 0, 0, 0), [0.116865, 0.845716, 0.037419]);
    expectClose(at(found.probabilities, 2, 5, 9), [0.035204, 0.03618, 0.928616]);
    expectClose(at(found.aligned, 1, 4, 7), [0.916203, 0.018482, 0.065315]);
    expectClose(at(found.aligned, 2, 1, 2), [0.108811, 0.027554, 0.863635]);
    expectClose(at(found.aligned, 2, 6, 2), [0, 0, 0]);
    expectClose(found.alignedSums, [128, 70.75, 32, 84.024391], 3);
    const least = [0, 1, 2, 3].map((b) => Math.min(...found.coverage.subarray(b * PIXELS, (b + 1) * PIXELS)));
    expectClose(least, [1, 1, 0.5625, 0.85]);
    expectClose(at(found.fused, 0, 0, 0), [0.622556, 0.02251, 0.354934]);
    expectClose(at(found.fused, 0, 4, 7), [0.633262, 0.051961, 0.314777]);
    expectClose(at(found.fused, 0, 7, 15), [0.963269, 0.032364, 0.004367]);
    expectClose(found.refinedSums, [128, 128, 117.691406, 125.779999], 3);
    expectClose(at(found.refined, 1, 0, 0), [0.561245, 0.034302, 0.404453]);
    expectClose(at(found.refined, 2, 3, 5), [0.623596, 0.045077, 0.331327]);
    expectClose(at(found.refined, 3, 0, 0), [0.430438, 0.018038, 0.274024]);
    expectClose(found.confidenceSums, [77.095459, 70.432838, 70.683182, 70.445297], 3);
    const counts = [17, 4, 5, 73, 0, 0, 42, 0, 19, 59, 0, 11];
    expect([...found.kept]).toEqual(counts);
    for (const [k, count] of counts.entries()) {
      const crop = found.labels.subarray(Math.floor(k / 3) * PIXELS, (Math.floor(k / 3) + 1) * PIXELS);
      expect(crop.filter((id) => id === k % 3).length).toBe(count);
    }
    expect(found.labels.filter((id) => id === 255).length).toBe(4 * PIXELS - 230);
    expectClose(found.plainLoss, [0.104677]);
    expectClose(found.loss, [0.05957488], 7);
    expectClose(found.gradientSum, [0.046057526], 7);
    expectClose(found.paper, [0.064253137], 7);
    expectClose(found.pairs, [0.06109352], 7);
  });

  test("devices that hold two crops each have priors of their own; the first one's is kept", async () => {
    const before = input("prior", [3]);
    const seen = targetsOf().probabilities; // crop 1 has two padded pixels, which the prior counts: unmask them
    const unmasked = new Map([
      ...INPUTS,
      ["padding", { shape: [4, 1, HEIGHT, WIDTH], data: new Float32Array(4 * PIXELS) }],
    ]);
    const both = updatedPrior(before, seen, 2, SETTINGS);
    const first = reshape(slice(both, [0, 0], [1, 3]), [3]);
    const second = slice(seen, [2, 0, 0, 0], [4, 3, HEIGHT, WIDTH]);
    const found = await evaluateNamed(runtime, unmasked as Map<string, TestTensor>, {
      first,
      next: updatedPrior(first, second, 1, SETTINGS),
    });
    expectClose(found.first, [0.758158, 0.077669, 0.164173]);
    expectClose(found.next, [0.75268, 0.077999, 0.169321]);
  });

  test("groups as on several devices: everything of a device depends on its own prior, fusion on all crops", async () => {
    const [together, apart] = [targetsOf(), targetsOf(PAIRS)];
    const found = await evaluateNamed(runtime, INPUTS, {
      together: together.refined,
      apart: apart.refined,
      prior: apart.prior,
      loss: consistencyLoss(STUDENT, apart, PAIRS, SETTINGS).loss,
    });
    expect(found.apart).toEqual(found.together);
    expectClose(found.prior.subarray(0, 3), [0.758158, 0.077669, 0.164173]);
    expect(found.prior.subarray(3)).not.toEqual(found.prior.subarray(0, 3));
    expect(found.loss[0]).toBeGreaterThan(0);
  });

  test("the thresholds of a crop of seven pixels", async () => {
    // Rows are the specification's columns, one a pixel. Source: spec "12.2".
    const columns = [
      [0.9, 0.05, 0.05],
      [0.6, 0.3, 0.1],
      [0.3, 0.45, 0.25],
      [0.1, 0.25, 0.65],
      [0.68, 0, 0.32],
      [0.05, 0.3, 0.65],
      [0, 0, 0],
    ];
    const student = [
      [2, 0, -1],
      [1, 1, 0],
      [0, 2, 1],
      [-1, 0, 2],
      [0.5, 0.5, 0.5],
      [0, 0, 3],
      [1, 1, 1],
    ];
    const planes = (rows: readonly number[][]) => [0, 1, 2].flatMap((c) => rows.map((row) => row[c] ?? 0));
    const prior = input("prior", [1, 3]);
    const labels = sampleBasedLabels(input("q", [1, 3, 1, 7]), input("padding", [1, 1, 1, 7]), prior, SETTINGS);
    const logits = input("student", [1, 3, 1, 7]);
    const one = { cropsPerDevice: 1 };
    const found = await evaluateNamed(
      runtime,
      new Map([
        ["q", tensor([1, 3, 1, 7], planes(columns))],
        ["student", tensor([1, 3, 1, 7], planes(student))],
        ["padding", tensor([1, 1, 1, 7], [0, 0, 0, 0, 0, 0, 0])],
        ["prior", tensor([1, 3], [0.6, 0.0005, 0.002])],
      ]),
      {
        discount: thresholdDiscount(prior, SETTINGS),
        thresholds: labels.thresholds,
        labels: labels.labels,
        confidence: labels.confidence,
        released: consistencyLoss(logits, { labels, prior }, one, SETTINGS).loss,
        paper: consistencyLoss(logits, { labels, prior }, one, { ...SETTINGS, loss: "paper" }).loss,
      },
    );
    expectClose(found.discount, [1, 0.3934693, 0.8646647]);
    expectClose(found.thresholds, [0.675, 0.2, 0.421524]);
    expect([...found.labels]).toEqual([0, 255, 1, 2, 0, 2, 255]);
    expectClose(found.confidence, [0.9, 0.6, 0.45, 0.65, 0.68, 0.65, 0]);
    expectClose([...found.released, ...found.paper], [0.0588302, 0.0588302], 6);
  });
});

test("nothing trusted: the loss is 0, and so is its gradient", async () => {
  const targets = targetsOf(WHOLE, { ...SETTINGS, leastConfidence: 1 });
  const { loss } = consistencyLoss(STUDENT, targets, WHOLE, SETTINGS);
  const found = await evaluateNamed(onnxRuntime, INPUTS, { loss, gradient: gradient(loss, STUDENT) });
  expect(Math.abs(found.loss[0] ?? 1)).toBe(0);
  expect(found.gradient.every((value) => Math.abs(value) === 0)).toBe(true);
});

describe.each(["released", "paper", "focal"] as const)("the gradient of the %s loss", (form) => {
  // Single entries are so small that along a random direction rounding would hide them: along the gradient itself they add up.
  test.each(["average", "min-entropy", "off"] as const)("is that of differences, pool %s", async (pool) => {
    const settings = { ...SETTINGS, pool, loss: form };
    const targets = targetsOf(PAIRS, settings);
    const { loss } = consistencyLoss(STUDENT, targets, PAIRS, settings);
    const student = INPUTS.get("student") as TestTensor;
    const { gradient: found } = await evaluateNamed(onnxRuntime, INPUTS, { gradient: gradient(loss, STUDENT) });
    const noise = uniform(student.shape, 5).data;
    const scale = Math.hypot(...found) / Math.hypot(...noise);
    for (const direction of [found, found.map((value, i) => value + scale * (noise[i] ?? 0))]) {
      const length = Math.hypot(...direction);
      const lossAt = async (distance: number): Promise<number> => {
        const data = student.data.map((value, i) => value + (distance * (direction[i] ?? 0)) / length);
        const moved = new Map([...INPUTS, ["student", { ...student, data }]] as const);
        return (await evaluateNamed(onnxRuntime, moved, { loss })).loss[0] ?? Number.NaN;
      };
      const difference = (await lossAt(0.5)) - (await lossAt(-0.5));
      const wanted = [...found].reduce((sum, value, i) => sum + (value * (direction[i] ?? 0)) / length, 0);
      expect(wanted).toBeGreaterThan(1e-3);
      expect(difference / wanted).toBeCloseTo(1, 2);
    }
  });
});

/** One prior for both of two devices. */
function twice(targets: ReturnType<typeof targetsOf>): ReturnType<typeof targetsOf> {
  return { ...targets, prior: concat([targets.prior, targets.prior], 0) };
}
