// Whole iterations of entropy balancing with recorded draws: logs, mixed labels and weights, gradients' effect, teacher, statistics.
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { toFloat32 } from "../../../src-main/engine/checkpoints/state-dict.ts";
import { at } from "../../../src-main/engine/graph/node.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import { COLOR_CHANGES } from "../../../src-main/engine/images/jitter-colors.ts";
import type { Mixed } from "../../../src-main/engine/methods/entropy-balancing/class-mix.ts";
import { stepPreviews } from "../../../src-main/engine/methods/entropy-balancing/previews.ts";
import {
  EntropyBalancingStepRunner,
  FROZEN,
  STUDENT,
  TEACHER,
} from "../../../src-main/engine/methods/entropy-balancing/step.ts";
import type { StepDraws, StudentPass } from "../../../src-main/engine/methods/entropy-balancing/step-draws.ts";
import type { NamedTensors } from "../../../src-main/engine/runtimes/runtime.ts";
import { NetworkState } from "../../../src-main/engine/training/network-state.ts";
import type { Batch } from "../../../src-main/engine/training/samples/sample.ts";
import type { Metrics } from "../../../src-main/engine/training/training-method.ts";
import { entropyBalancingConfigSchema } from "../../../src-shared/contract/training/entropy-balancing.ts";
import { type EbdaNetworkCase, type EbdaWeights, ebdaArchitecture, ebdaStateDict } from "../../helpers/ebda-network.ts";
import { EBDA_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { imageBatch } from "../../helpers/image-batch.ts";
import { countDiffering, differenceOf, probeOf, relativeNormDifference } from "../../helpers/recorded.ts";
import { directRuntime } from "../../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../../helpers/safetensors-fixture.ts";

type RecordedDraw =
  | { readonly kind: "random.uniform" | "np.uniform"; readonly value: number }
  | { readonly kind: "np.choice"; readonly args: readonly [number, number]; readonly value: readonly number[] }
  | { readonly kind: "color_jitter"; readonly params: RecordedJitter };

interface RecordedJitter {
  readonly brightness_factor: readonly [number];
  readonly contrast_factor: readonly [number];
  readonly saturation_factor: readonly [number];
  readonly hue_factor: readonly [number];
  readonly order: readonly number[];
}

interface RecordedPass {
  readonly drop_path: readonly (readonly [module: string, rate: number, kept: readonly number[]])[];
  readonly dropout2d: readonly { readonly channels: number; readonly dropped: readonly (readonly number[])[] }[];
}

interface RecordedParameter {
  readonly change_norm: number;
  readonly value_probe: readonly number[];
  readonly teacher_probe: readonly number[];
}

interface Iteration {
  readonly iteration: number;
  readonly columns_rolled: number;
  readonly randomness: {
    readonly draws: readonly RecordedDraw[];
    readonly passes: Readonly<Record<StudentPass, RecordedPass>>;
  };
  readonly lr_encoder: number;
  readonly log: Readonly<Record<string, number | string>>;
  readonly suggested_tolerance: Readonly<Record<string, number>>;
  /** By how it was computed otherwise: "f64", mostly "f32_other" too. */
  readonly discrepancy: Readonly<Record<string, Discrepancy>>;
  readonly parameters: Readonly<Record<string, RecordedParameter>>;
  readonly student_running_statistics: Readonly<Record<string, RecordedStatistic>>;
  readonly teacher_running_statistics: Readonly<Record<string, RecordedStatistic>>;
}

interface Discrepancy {
  readonly gradient_rel_max: number;
  readonly pseudo_label_pixels: number;
}

interface RecordedStatistic {
  readonly norm: number;
  readonly probe: readonly number[];
}

interface UdaCase extends EbdaNetworkCase {
  readonly teacher_initial_weights: EbdaWeights;
  readonly imagenet_weights: EbdaWeights;
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly label: readonly string[];
  readonly size_hw: readonly [number, number];
  readonly uda: {
    readonly alpha: number;
    readonly pseudo_threshold: number;
    readonly ignore_top: number;
    readonly ignore_bottom: number;
    readonly feature_distance: { readonly weight: number; readonly min_ratio: number };
    readonly jitter_strength: number;
    readonly jitter_probability: number;
    readonly blur: boolean;
  };
  readonly optimizer: { readonly lr: number; readonly weight_decay: number };
  readonly schedule: { readonly warmup_iters: number };
  readonly max_iters: number;
  readonly outputs: string;
  readonly iterations: readonly Iteration[];
}

/** The key half of it has no influence on the result: its gradient is rounding noise, of which Adam makes whole steps. */
const NOISE = /\.attn\.kv\.bias$/;
/** Source: fixtures README, "4. Tolerances". */
const TIMES_SEEN = 10;
/** float32 holds steps of 3e-5 of values near 1 to so much. */
const FLOOR = 1e-3;

/** Per cent of the pixels that may stand on the edge between two classes. */
const PIXELS = 0.05;

/** What an iteration left behind. */
interface Found {
  readonly metrics: Metrics;
  readonly student: ReadonlyMap<string, Float32Array>;
  readonly teacher: ReadonlyMap<string, Float32Array>;
  readonly pictures: ReadonlyMap<string, Uint8Array>;
  readonly mixed: Mixed;
}

const NAMES: readonly (readonly [ours: string, theirs: string, scale: number])[] = [
  ["loss.source", "decode.loss_seg", 1],
  ["accuracy.source", "decode.acc_seg", 100],
  ["loss.featureDistance", "src.loss_imnet_feat_dist", 1],
  ["pseudoWeight", "l.pseudo_weight", 1],
  ["loss.mixed", "mix.decode.loss_seg", 1],
  ["accuracy.mixed", "mix.decode.acc_seg", 100],
  ["loss.entropy", "mix.entropy", 1],
];

const FOLDERS = goldenCases<UdaCase>(EBDA_FIXTURES).filter(({ name }) => name.startsWith("D-uda"));

describe.each(FOLDERS.map((one) => [one.name, one] as const))("%s", (_, { folder, json: golden }) => {
  const places = golden.iterations.map((__, k) => k);
  const start = new Map([...ebdaStateDict(folder, golden)].map(([key, tensor]) => [key, toFloat32(tensor)]));
  const outputs = readFixtureTensors(join(folder, golden.outputs));
  let found: readonly Found[] = [];
  beforeAll(async () => {
    found = await computed(folder, golden);
  });

  it.each(places)("iteration %i: what is logged", (k) => {
    const { log, suggested_tolerance, lr_encoder } = at(golden.iterations, k);
    const { metrics } = at(found, k);
    expect(metrics.learningRate).toBeCloseTo(lr_encoder, 12);
    for (const [ours, theirs, scale] of NAMES) {
      const expected = log[theirs];
      if (typeof expected !== "number") {
        // The original logs NaN where no cell counts: there is nothing to learn.
        expect(metrics[ours]).toBeUndefined();
        continue;
      }
      const off = Math.abs((metrics[ours] ?? Number.NaN) * scale - expected);
      if (k === 0) {
        // A unit that rounding has flipped is near zero, and no loss hears of it before it has changed the weights.
        expect(off, ours).toBeLessThanOrEqual(suggested_tolerance[theirs] ?? 0);
        continue;
      }
      // Which of the losses meets a unit that rounding has flipped is chance: the largest tolerance of any holds for all.
      const isAccuracy = theirs.endsWith("acc_seg");
      const alike = Object.keys(suggested_tolerance).filter((name) => name.endsWith("acc_seg") === isAccuracy);
      const tolerance = Math.max(...alike.map((name) => suggested_tolerance[name] ?? 0), isAccuracy ? PIXELS : 0);
      expect(off, ours).toBeLessThanOrEqual(tolerance);
    }
  });

  it.each(places)("iteration %i: pseudo-labels and mixed labels", (k) => {
    const { discrepancy } = at(golden.iterations, k);
    const { pictures, mixed } = at(found, k);
    // A pixel whose classes are as likely as each other may differ, as between the original's own roundings.
    const seen = Math.max(...seenIn(discrepancy, "pseudo_label_pixels"));
    const images = golden.source.length;
    for (const [ours, theirs] of [
      ["pseudo-labels", "pseudo_label"],
      ["mixed", "mixed_label"],
    ] as const) {
      const all = outputs(`${k}.${theirs}`).data;
      const first = all.subarray(0, all.length / images);
      expect(countDiffering(pictures.get(ours) ?? [], first)).toBeLessThanOrEqual(seen);
    }
    const weights = outputs(`${k}.mixed_weight`).data;
    const differing = mixed.weights.filter((weight, i) => Math.abs(weight - (weights[i] ?? Number.NaN)) > 1e-6);
    expect(differing.length).toBe(0);
    if (k === 0) expect(differenceOf(mixed.image, outputs("0.mixed").data).largest).toBeLessThan(1e-4);
  });

  it.each(places)("iteration %i: parameters of student and teacher", (k) => {
    const { parameters, discrepancy } = at(golden.iterations, k);
    // Which gradients meet a unit that rounding has flipped is chance: the largest difference of any is allowed for all.
    const limit = Math.max(FLOOR, TIMES_SEEN * Math.max(...seenIn(discrepancy, "gradient_rel_max")));
    const drifts = Object.entries(parameters).flatMap(([key, recorded]) => {
      if (NOISE.test(key)) return [];
      const value = at(found, k).student.get(key) as Float32Array;
      const teacher = at(found, k).teacher.get(key) as Float32Array;
      const before = start.get(key) as Float32Array;
      const change = value.map((one, i) => one - (before[i] ?? Number.NaN));
      const off = [
        relativeNormDifference(change, { shape: [], probe: [], norm: recorded.change_norm }),
        probeDifference(value, recorded.value_probe, recorded.change_norm),
        probeDifference(teacher, recorded.teacher_probe, recorded.change_norm),
      ];
      return off.every((one) => one <= limit) ? [] : [`${key}: ${off.join(", ")} of ${limit}`];
    });
    expect(drifts).toEqual([]);
  });

  it.each(places)("iteration %i: running statistics of both", (k) => {
    const { student_running_statistics, teacher_running_statistics } = at(golden.iterations, k);
    const { student, teacher } = at(found, k);
    for (const [recorded, tensors] of [
      [student_running_statistics, student],
      [teacher_running_statistics, teacher],
    ] as const) {
      for (const [key, { norm, probe }] of Object.entries(recorded)) {
        if (key.endsWith(".num_batches_tracked")) continue;
        const values = tensors.get(key) as Float32Array;
        expect(relativeNormDifference(values, { shape: [], probe, norm })).toBeLessThan(FLOOR);
        expect(probeDifference(values, probe, norm)).toBeLessThan(FLOOR);
      }
    }
  });
});

function seenIn(discrepancy: Iteration["discrepancy"], what: keyof Discrepancy): number[] {
  return Object.values(discrepancy).map((one) => one[what]);
}

/** Length of the difference of the probes in units of a tensor's length. */
function probeDifference(values: ArrayLike<number>, probe: readonly number[], norm: number): number {
  const elements = probeOf(values, probe.length);
  const distance = Math.hypot(...probe.map((value, k) => value - at(elements, k)));
  return distance === 0 ? 0 : distance / norm;
}

async function computed(folder: string, golden: UdaCase): Promise<Found[]> {
  const { uda, optimizer, schedule, max_iters, size_hw, source } = golden;
  const config = entropyBalancingConfigSchema.parse({
    encoder: "mit_b0",
    batchSize: source.length,
    baseLr: optimizer.lr,
    weightDecay: optimizer.weight_decay,
    warmupSteps: schedule.warmup_iters,
    cropSize: size_hw,
    teacherMomentum: uda.alpha,
    pseudoThreshold: uda.pseudo_threshold,
    ignoredTop: uda.ignore_top,
    ignoredBottom: uda.ignore_bottom,
    featureDistance: uda.feature_distance.weight,
    featureRatio: uda.feature_distance.min_ratio,
    jitterStrength: uda.jitter_strength,
    jitterSkipped: uda.jitter_probability,
    blur: uda.blur,
  });
  const architecture = ebdaArchitecture(golden);
  const teacherStart = new Map(
    [...ebdaStateDict(folder, golden, golden.teacher_initial_weights)].map(([key, tensor]) => {
      const isStatistic = /\.running_(mean|var)$/.test(key);
      const data = toFloat32(tensor).slice();
      return [key, isStatistic ? { ...tensor, data: data.fill(key.endsWith("var") ? 1 : 0) } : tensor] as const;
    }),
  );
  const networks = new NetworkState(directRuntime, {
    [STUDENT]: { architecture, start: ebdaStateDict(folder, golden) },
    [TEACHER]: { architecture, start: teacherStart },
    [FROZEN]: { architecture, start: ebdaStateDict(folder, golden, golden.imagenet_weights) },
  });
  const first = at(golden.iterations, 0).iteration;
  const runner = new EntropyBalancingStepRunner(
    { config, runtime: directRuntime, networks, steps: max_iters, stepsPerEpoch: max_iters, state: null },
    (step) => replayed(at(golden.iterations, step - first)),
  );
  const found: Found[] = [];
  for (const iteration of golden.iterations) {
    const batch = await batchOf(folder, golden, iteration.columns_rolled);
    const place = { index: iteration.iteration, epoch: 0, indexInEpoch: iteration.iteration, signal: undefined };
    const metrics = await networks.atomically(() => runner.step(batch, place));
    const { last } = runner;
    if (metrics === null || last === null) throw new Error("the step learnt nothing");
    found.push({
      metrics,
      student: await copied(networks.network(STUDENT).tensors),
      teacher: await copied(networks.network(TEACHER).tensors),
      pictures: new Map(stepPreviews(last, size_hw).map(({ name, labels }) => [name, labels.data])),
      mixed: last.mixed,
    });
  }
  await runner.dispose();
  networks.dispose();
  return found;
}

async function copied(tensors: NamedTensors): Promise<Map<string, Float32Array>> {
  const copies = new Map<string, Float32Array>();
  for (const [name, tensor] of tensors) copies.set(name, Float32Array.from(await tensor.read()));
  return copies;
}

async function batchOf(folder: string, { source, target, label, size_hw }: UdaCase, columns: number): Promise<Batch> {
  const [height, width] = size_hw;
  const rolled = <T extends Float32Array | Int32Array>(data: T): T => {
    const moved = data.slice() as T;
    for (let i = 0; i < data.length; i += 1) {
      const x = i % width;
      moved[i - x + ((x + columns) % width)] = data[i] as number;
    }
    return moved;
  };
  const images = async (paths: readonly string[]) => {
    const { shape, data } = await imageBatch(paths.map((path) => join(folder, path)));
    return { shape, data: rolled(Float32Array.from(data)) };
  };
  const labels = await Promise.all(label.map((path) => decodeLabelMap(join(folder, path))));
  return {
    "source.image": await images(source),
    "target.image": await images(target),
    "source.labels": {
      shape: [label.length, height, width],
      data: rolled(Int32Array.from(labels.flatMap(({ data }) => [...data]))),
    },
  };
}

function replayed({ randomness }: Iteration): StepDraws {
  const left = [...randomness.draws];
  const next = (kind: RecordedDraw["kind"]): RecordedDraw => {
    const draw = left.shift();
    if (draw?.kind !== kind) throw new Error(`asked for ${kind}, recorded is ${draw?.kind}`);
    return draw;
  };
  return {
    unit: () => (next("random.uniform") as { value: number }).value,
    choose: (of, count) => {
      const { args, value } = next("np.choice") as Extract<RecordedDraw, { kind: "np.choice" }>;
      expect([of, count]).toEqual(args);
      return value;
    },
    jitter: () => {
      const { params } = next("color_jitter") as Extract<RecordedDraw, { kind: "color_jitter" }>;
      return {
        brightness: params.brightness_factor[0],
        contrast: params.contrast_factor[0],
        saturation: params.saturation_factor[0],
        hue: params.hue_factor[0],
        order: params.order.map((code) => at(COLOR_CHANGES, code)),
      };
    },
    sigma: () => (next("np.uniform") as { value: number }).value,
    masks:
      (pass) =>
      (k, { shape, rate }) => {
        const { drop_path, dropout2d } = randomness.passes[pass];
        const kept = 1 / (1 - rate);
        const path = drop_path[k];
        if (path !== undefined) {
          expect(rate).toBeCloseTo(path[1], 6);
          return Float32Array.from(path[2], (keep) => keep * kept);
        }
        const { channels, dropped } = at(dropout2d, k - drop_path.length);
        expect(shape).toEqual([dropped.length, channels, 1, 1]);
        return Float32Array.from({ length: dropped.length * channels }, (_, i) =>
          at(dropped, Math.floor(i / channels)).includes(i % channels) ? 0 : kept,
        );
      },
  };
}
