// Pieces of a step of DAFormer and entropy balancing against the recorded ones: mixing, colours, blur, losses, labels, teacher.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gradients } from "../../../src-main/engine/graph/gradients.ts";
import { at } from "../../../src-main/engine/graph/node.ts";
import { constant, scalar } from "../../../src-main/engine/graph/ops/constant.ts";
import { input } from "../../../src-main/engine/graph/ops/input.ts";
import { resizeBilinear } from "../../../src-main/engine/graph/ops/resize-bilinear.ts";
import type { Node } from "../../../src-main/engine/graph/types.ts";
import { argmaxLabels } from "../../../src-main/engine/images/argmax.ts";
import { blurPlanes, kernelSide } from "../../../src-main/engine/images/blur-planes.ts";
import { COLOR_CHANGES, type ColorJitter } from "../../../src-main/engine/images/jitter-colors.ts";
import type { KorniaFlavour } from "../../../src-main/engine/images/jitter-float-colors.ts";
import { softmaxInPlace } from "../../../src-main/engine/images/softmax-in-place.ts";
import { chosenCount, classesOf, classMix } from "../../../src-main/engine/methods/entropy-balancing/class-mix.ts";
import { distanceShares } from "../../../src-main/engine/methods/entropy-balancing/distance-shares.ts";
import {
  entropyBalance,
  entropyOf,
  featureDistance,
  weightedCrossEntropy,
} from "../../../src-main/engine/methods/entropy-balancing/losses.ts";
import { pseudoWeights } from "../../../src-main/engine/methods/entropy-balancing/pseudo-weights.ts";
import { reducedLabels } from "../../../src-main/engine/methods/entropy-balancing/reduce-labels.ts";
import { strongColors } from "../../../src-main/engine/methods/entropy-balancing/strong-colors.ts";
import { EBDA_FIXTURES } from "../../helpers/fixtures-root.ts";
import { countDiffering, differenceOf } from "../../helpers/recorded.ts";
import { evaluateNamed, onnxRuntime } from "../../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../../helpers/safetensors-fixture.ts";

const FOLDER = join(EBDA_FIXTURES, "C-pieces");

interface Recorded<C> {
  readonly tensors: string;
  readonly cases: readonly C[];
}

interface MixingCase {
  readonly height: number;
  readonly width: number;
  readonly jitter_applied: boolean;
  readonly blur_applied: boolean;
  readonly ignore_top: number;
  readonly ignore_bottom: number;
  readonly pseudo_threshold: number;
  readonly pseudo_weight: number;
  readonly unique_classes: readonly number[];
  readonly chosen_classes: readonly (readonly number[])[];
  readonly color_jitter: readonly RecordedJitter[];
  readonly sigma: readonly number[];
}

interface JitterCase extends Readonly<Record<"brightness" | "contrast" | "saturation" | "hue", number>> {
  readonly name: string;
  readonly input?: string;
  readonly order: readonly number[];
}

interface BlurCase {
  readonly height: number;
  readonly width: number;
  readonly sigma: number;
  readonly kernel_hw: readonly [number, number];
}

interface DistanceCase {
  readonly classes: readonly number[] | null;
  readonly min_ratio: number | null;
  readonly lambda_: number;
  /** "NaN" where no cell counts. */
  readonly loss: number | string;
  readonly label_rescaled?: readonly (readonly (readonly number[])[])[];
  readonly mask_count?: number;
}

interface ReductionCase {
  readonly factor: number;
  readonly min_ratio: number;
  readonly label: readonly (readonly number[])[];
  readonly output: readonly (readonly number[])[];
}

interface Pieces {
  readonly mixing: Recorded<MixingCase>;
  readonly color_jitter: Recorded<JitterCase>;
  readonly blur: Recorded<BlurCase>;
  readonly entropy_balance: Recorded<{ readonly shape: readonly number[]; readonly loss: number }> & {
    readonly weight: number;
    readonly target: number;
  };
  readonly feature_distance: Recorded<DistanceCase>;
  readonly decode_loss: Recorded<{ readonly weighted: boolean; readonly loss_seg: number }>;
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(FOLDER, file), "utf8"));
const golden = read("case.json") as Pieces;
const tensorsOf = ({ tensors }: { readonly tensors: string }) => readFixtureTensors(join(FOLDER, tensors));
/** Cases with their places: tensors are named by these. */
const numbered = <C>({ cases }: { readonly cases: readonly C[] }) => cases.map((one, k): [number, C] => [k, one]);

interface RecordedJitter {
  readonly brightness_factor: readonly [number];
  readonly contrast_factor: readonly [number];
  readonly saturation_factor: readonly [number];
  readonly hue_factor: readonly [number];
  readonly order: readonly number[];
}

function jitterOf(recorded: RecordedJitter): ColorJitter {
  return {
    brightness: recorded.brightness_factor[0],
    contrast: recorded.contrast_factor[0],
    saturation: recorded.saturation_factor[0],
    hue: recorded.hue_factor[0],
    order: recorded.order.map((code) => at(COLOR_CHANGES, code)),
  };
}

describe("mixing", () => {
  const tensors = tensorsOf(golden.mixing);
  it.each(numbered(golden.mixing))("case %i", (k, one) => {
    const of = (name: string) => tensors(`${k}.${name}`).data;
    const { height, width } = one;
    const logits = Float32Array.from(of("teacher_logits"));
    const images = one.chosen_classes.length;
    const perImage = logits.length / images;
    const size = height * width;
    const pseudoLabels = new Uint8Array(images * size);
    const confidence = new Float32Array(images * size);
    for (let n = 0; n < images; n += 1) {
      const own = logits.subarray(n * perImage, (n + 1) * perImage);
      pseudoLabels.set(argmaxLabels(own, perImage / size, height, width).data, n * size);
      softmaxInPlace(own, perImage / size);
      for (let p = 0; p < size; p += 1) {
        for (let c = 0; c < perImage; c += size) {
          confidence[n * size + p] = Math.max(confidence[n * size + p] ?? 0, own[c + p] ?? 0);
        }
      }
    }
    const { share, weights } = pseudoWeights(confidence, [height, width], {
      pseudoThreshold: one.pseudo_threshold,
      ignoredTop: one.ignore_top,
      ignoredBottom: one.ignore_bottom,
    });
    expect(share).toBeCloseTo(one.pseudo_weight, 8);
    const classes = classesOf(Uint8Array.from(of("source_label")));
    expect(classes).toEqual(one.unique_classes);
    for (const chosen of one.chosen_classes) expect(chosen.length).toBe(chosenCount(classes.length));
    const mixed = classMix(
      {
        images,
        source: Float32Array.from(of("source")),
        target: Float32Array.from(of("target")),
        sourceLabels: Uint8Array.from(of("source_label")),
        pseudoLabels,
        targetWeights: weights,
      },
      one.chosen_classes.map((chosen) => new Set(chosen)),
    );
    for (let n = 0; n < images; n += 1) {
      strongColors(mixed.image.subarray(3 * n * size, 3 * (n + 1) * size), [height, width], {
        jitter: one.jitter_applied ? jitterOf(at(one.color_jitter, n)) : null,
        sigma: one.blur_applied ? at(one.sigma, n) : null,
        flavour: "0.5.8",
      });
    }
    expect(differenceOf(mixed.image, of("mixed")).largest).toBeLessThan(3e-5);
    expect(differenceOf(mixed.weights, of("mixed_weight")).largest).toBeLessThan(1e-7);
    expect(countDiffering(mixed.labels, of("mixed_label"))).toBe(0);
  });
});

const newer = read("color_jitter_newer_kornia.json") as { readonly cases: readonly JitterCase[] };
const flavours: readonly (readonly [KorniaFlavour, string, readonly JitterCase[]])[] = [
  ["0.5.8", "color_jitter", golden.color_jitter.cases],
  ["0.6.4", "color_jitter_newer_kornia", newer.cases],
];
describe.each(flavours)("colours as kornia %s", (flavour, file, cases) => {
  const inputs = tensorsOf(golden.color_jitter);
  const outputs = readFixtureTensors(join(FOLDER, `${file}.safetensors`));
  it.each(cases.map((one) => [one.name, one] as const))("%s", (name, one) => {
    const planes = Float32Array.from(inputs(one.input ?? at(name.split("."), 1)).data);
    const { brightness, contrast, saturation, hue } = one;
    const order = one.order.map((code) => at(COLOR_CHANGES, code));
    const [, , height = 0, width = 0] = outputs(name).shape;
    const jitter = { brightness, contrast, saturation, hue, order };
    strongColors(planes, [height, width], { jitter, sigma: null, flavour });
    expect(differenceOf(planes, outputs(name).data).largest).toBeLessThan(3e-5);
  });
});

describe("blur", () => {
  const tensors = tensorsOf(golden.blur);
  it.each(numbered(golden.blur))("case %i", (k, { height, width, sigma, kernel_hw }) => {
    expect([kernelSide(height), kernelSide(width)]).toEqual(kernel_hw);
    const blurred = blurPlanes(Float32Array.from(tensors(`${k}.input`).data), height, width, sigma);
    expect(differenceOf(blurred, tensors(`${k}.output`).data).largest).toBeLessThan(1e-5);
  });
});

describe("entropy balance", () => {
  const tensors = tensorsOf(golden.entropy_balance);
  const { weight, target } = golden.entropy_balance;
  it.each(numbered(golden.entropy_balance))("case %i", async (k, { shape, loss }) => {
    const logits = input("x0", shape);
    const found = entropyBalance(entropyOf(logits), scalar(target), weight);
    const [value, gradient] = await lossAndGradient(found, logits, tensors(`${k}.logits`).data);
    expect(Math.abs(value - loss)).toBeLessThan(1e-5);
    expect(differenceOf(gradient, tensors(`${k}.grad`).data).largest).toBeLessThan(2e-9);
  });
});

describe("feature distance", () => {
  const tensors = tensorsOf(golden.feature_distance);
  it.each(numbered(golden.feature_distance))("case %i", async (k, one) => {
    const of = (name: string) => tensors(`${k}.${name}`);
    const { shape, data } = of("features");
    const [images = 0, , rows = 0, columns = 0] = shape;
    const [, height = 0, width = 0] = of("label").shape;
    const labels = Uint8Array.from(of("label").data);
    const side = Math.floor(width / columns);
    const ratio = one.min_ratio;
    if (one.label_rescaled !== undefined && ratio !== null) {
      const size = height * width;
      const reduced = Array.from({ length: images }, (_, n) => [
        ...reducedLabels(labels.subarray(n * size, (n + 1) * size), [height, width], side, ratio),
      ]);
      expect(reduced.flat()).toEqual(one.label_rescaled.flat(3));
    }
    const { shares, cells } = distanceShares(labels, [images, height, width], [rows, columns], {
      classes: one.classes,
      ratio: one.min_ratio ?? 0,
    });
    if (one.mask_count !== undefined && one.classes !== null) expect(cells).toBe(one.mask_count);
    const features = input("x0", shape);
    const frozen = constant(Float32Array.from(of("imnet_features").data), shape);
    const found = featureDistance(features, frozen, constant(shares, [images, 1, rows, columns]), one.lambda_);
    const [value, gradient] = await lossAndGradient(found, features, data);
    // Where no cell counts, the original logs NaN; there is nothing to learn, and no gradient.
    expect(Math.abs(value - (typeof one.loss === "number" ? one.loss : 0))).toBeLessThan(1e-5);
    expect(differenceOf(gradient, of("grad").data).largest).toBeLessThan(1e-8);
  });
});

describe("weighted cross-entropy", () => {
  const tensors = tensorsOf(golden.decode_loss);
  it.each(numbered(golden.decode_loss))("case %i", async (k, { weighted, loss_seg }) => {
    const label = tensors(`${k}.label`);
    const [images = 0, height = 0, width = 0] = label.shape;
    const shape = [images, 1, height, width];
    const { shape: lowShape, data } = tensors(`${k}.logits`);
    const low = input("x0", lowShape);
    const weights = weighted
      ? Float32Array.from(tensors(`${k}.weight`).data)
      : new Float32Array(label.data.length).fill(1);
    const found = weightedCrossEntropy(
      resizeBilinear(low, [height, width], false),
      constant(Int32Array.from(label.data), shape),
      constant(weights, shape),
    );
    const [value, gradient] = await lossAndGradient(found, low, data);
    expect(Math.abs(value - loss_seg)).toBeLessThan(1e-5);
    expect(differenceOf(gradient, tensors(`${k}.grad`).data).largest).toBeLessThan(5e-8);
  });
});

describe("reduced labels", () => {
  const cases = (read("label_reduction.json") as readonly ReductionCase[]).map((one, k) => [k, one] as const);
  it.each(cases)("case %i", (_, { factor, min_ratio, label, output }) => {
    const reduced = reducedLabels(label.flat(), [label.length, at(label, 0).length], factor, min_ratio);
    expect([...reduced]).toEqual(output.flat());
  });
});

/** Of a loss by one tensor, x0. */
async function lossAndGradient(
  loss: Node,
  by: Node,
  data: Float32Array | Uint8Array,
): Promise<readonly [number, Float32Array]> {
  const [gradient = loss] = gradients(loss, [by]);
  const x0 = { data: Float32Array.from(data), shape: by.shape };
  const found = await evaluateNamed(onnxRuntime, new Map([["x0", x0]]), { loss, gradient });
  return [found.loss[0] ?? Number.NaN, Float32Array.from(found.gradient)];
}
