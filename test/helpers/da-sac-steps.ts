// The recorded iterations of DA-SAC: batches as the original saw them, its configuration in ours, and what is compared.
import { crc32 } from "node:zlib";
import { type StateDict, type StateTensor, toFloat32 } from "../../src-main/engine/checkpoints/state-dict.ts";
import { at } from "../../src-main/engine/graph/node.ts";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import { type Normalize, normalize } from "../../src-main/engine/images/normalize.ts";
import type { LabelMap } from "../../src-main/engine/images/rgb-image.ts";
import type { MasksOfPass } from "../../src-main/engine/methods/da-sac/dropout-passes.ts";
import { networkInput, sourceNormalizer } from "../../src-main/engine/methods/da-sac/normalize-picture.ts";
import { keptFactor } from "../../src-main/engine/methods/shared/dropout-masks.ts";
import type { Batch, Plane } from "../../src-main/engine/training/samples/sample.ts";
import type { PublishedNetwork } from "../../src-shared/contract/training/da-sac.ts";
import { daSacStateDict } from "./da-sac-network.ts";
import { fnv1a, hash32 } from "./generated-weights.ts";
import type { GoldenCase } from "./golden-cases.ts";
import { countDiffering, differenceFromSummary, differenceOf, type Summary } from "./recorded.ts";
import { readFixtureTensors } from "./safetensors-fixture.ts";

interface RecordedImage {
  readonly image: string;
  readonly normalized_crc32: string;
  readonly label: string;
  readonly padding: { readonly rows: readonly number[]; readonly columns: readonly number[] } | null;
}

interface RecordedCrop {
  readonly student: string;
  readonly student_crc32: string;
  readonly teacher: string;
  readonly teacher_crc32: string;
  readonly label: string;
  readonly affine: readonly (readonly number[])[];
  readonly affine_inverse: readonly (readonly number[])[];
}

interface RecordedValue extends Partial<Summary> {
  readonly shape: readonly number[];
  readonly tol: number;
  /** Largest differences between runs of the original. */
  readonly diff?: { readonly f64?: number };
  readonly values?: unknown;
  readonly tensor?: string;
  readonly png?: string;
}

/** `case.json` of the folders B-abn (targets are images) and C-sac (targets are crops). */
export interface StepsCase {
  readonly arch: PublishedNetwork;
  readonly config: {
    readonly TRAIN: { readonly BATCH_SIZE: number; readonly GROUP_SIZE: number; readonly NUM_GROUPS: number };
    readonly DATASET: {
      readonly CROP_SIZE: readonly [number, number];
      readonly SOURCE_MEAN: Triple;
      readonly SOURCE_STD: Triple;
      readonly TARGET_MEAN: Triple;
      readonly TARGET_STD: Triple;
    };
    readonly MODEL: Readonly<Record<string, number | boolean | string>>;
  };
  readonly dropout_seed: number | null;
  /** Of a run that goes on from a snapshot. */
  readonly start?: { readonly slow_init: number; readonly class_prior: readonly number[] };
  readonly steps: readonly { readonly source: readonly RecordedImage[]; readonly target: readonly unknown[] }[];
  readonly values: Readonly<Record<string, RecordedValue>>;
}
type Triple = readonly [number, number, number];

/** What both trainings are configured with. */
export function sharedConfig({ config: { DATASET, MODEL, TRAIN }, arch }: StepsCase) {
  return {
    network: arch,
    cropSize: [...DATASET.CROP_SIZE],
    sourceBatchSize: TRAIN.BATCH_SIZE,
    baseLr: MODEL.LR,
    momentum: MODEL.MOMENTUM,
    weightDecay: MODEL.WEIGHT_DECAY,
  };
}

/** The student's weights: generated, and where the run goes on from a snapshot, with larger classifiers. */
export function startOf({ arch, start }: StepsCase): { readonly student: StateDict; readonly teacher: StateDict } {
  const generated = daSacStateDict(arch);
  if (start === undefined) return { student: generated, teacher: generated };
  const student = new Map(
    [...generated].map(([key, tensor]): [string, StateTensor] => {
      if (!/conv2d_list\.\d\.weight$/.test(key)) return [key, tensor];
      const data = toFloat32(tensor).map((value) => value * 1.25);
      return [key, { dtype: "float32", shape: tensor.shape, data }];
    }),
  );
  return { student, teacher: generated };
}

/** Call k of the run drops planes by a hash of k. Source: fixtures README, "2. Weights", portable dropout mask. */
export function recordedMasks({ dropout_seed: seed }: StepsCase, callsPerPass: number): MasksOfPass {
  return (pass) =>
    (k, { shape, rate }) => {
      const stream = (fnv1a(`dropout:${pass * callsPerPass + k}`) ^ (seed ?? 0)) >>> 0;
      const kept = Math.fround(keptFactor(rate));
      const planes = at(shape, 0) * at(shape, 1);
      return Float32Array.from({ length: planes }, (_, i) => (hash32(stream, i) / 2 ** 32 >= rate ? kept : 0));
    };
}

/** @throws Error when a picture does not become the numbers that the original's network was given */
export async function sourcePlanes({ folder, json }: GoldenCase<StepsCase>, step: number): Promise<Batch> {
  const { SOURCE_MEAN, SOURCE_STD, TARGET_MEAN, TARGET_STD } = json.config.DATASET;
  const renormalized = sourceNormalizer({
    source: { mean: SOURCE_MEAN, std: SOURCE_STD },
    target: { mean: TARGET_MEAN, std: TARGET_STD },
  });
  return imagePlanes("source", folder, at(json.steps, step).source, renormalized);
}

export async function targetImagePlanes({ folder, json }: GoldenCase<StepsCase>, step: number): Promise<Batch> {
  return imagePlanes("target", folder, at(json.steps, step).target as RecordedImage[], normalize);
}

export async function targetCropPlanes({ folder, json }: GoldenCase<StepsCase>, step: number): Promise<Batch> {
  const crops = at(json.steps, step).target as RecordedCrop[];
  const copies = json.config.TRAIN.GROUP_SIZE;
  const [height, width] = json.config.DATASET.CROP_SIZE;
  const shape = [crops.length / copies, copies];
  const inputs = async (image: "student" | "teacher") => {
    const each = await Promise.all(
      crops.map(async (crop) => checked(normalize(await decodeImage(folder + crop[image])), crop[`${image}_crc32`])),
    );
    return { shape: [...shape, 3, height, width], data: joined(each) };
  };
  const labels = await Promise.all(crops.map(async ({ label }) => (await decodeLabelMap(folder + label)).data));
  return {
    "target.student": await inputs("student"),
    "target.teacher": await inputs("teacher"),
    "target.labels": { shape: [...shape, height, width], data: Int32Array.from(labels.flatMap((each) => [...each])) },
    "target.affine": matrices(
      shape,
      crops.map(({ affine }) => affine),
    ),
    "target.affineInverse": matrices(
      shape,
      crops.map((crop) => crop.affine_inverse),
    ),
  };
}

async function imagePlanes(
  stream: string,
  folder: string,
  images: readonly RecordedImage[],
  normalizer: Normalize,
): Promise<Batch> {
  const read = await Promise.all(
    images.map(async ({ image: file, label, padding, normalized_crc32: expected }) => {
      const image = await decodeImage(folder + file);
      const mask = paddingOf(image, padding);
      const labels = await decodeLabelMap(folder + label);
      return { input: checked(networkInput({ image, padding: mask }, normalizer), expected), labels, image };
    }),
  );
  const { width, height } = at(read, 0).image;
  return {
    [`${stream}.image`]: { shape: [read.length, 3, height, width], data: joined(read.map(({ input }) => input)) },
    [`${stream}.labels`]: {
      shape: [read.length, height, width],
      data: Int32Array.from(read.flatMap(({ labels }) => [...labels.data])),
    },
  };
}

function paddingOf(
  { width, height }: { readonly width: number; readonly height: number },
  padding: RecordedImage["padding"],
): LabelMap {
  const isPadded = (i: number) =>
    padding?.rows.includes(Math.floor(i / width)) || padding?.columns.includes(i % width) ? 1 : 0;
  return { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => isPadded(i)) };
}

function checked(input: Float32Array, expected: string): Float32Array {
  const found = crc32(Buffer.from(input.buffer, input.byteOffset, input.byteLength))
    .toString(16)
    .padStart(8, "0");
  if (found !== expected) throw new Error(`the normalised image has the checksum ${found}, not ${expected}`);
  return input;
}

function matrices(shape: readonly number[], all: readonly (readonly (readonly number[])[])[]): Plane {
  return { shape: [...shape, 2, 3], data: Float32Array.from(all.flat(2)) };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

/** "A different convolution algorithm can need a few times more in the gradients of the first layers." */
const EARLY_LAYERS = 8;
const ONE_RUN_ONLY = 3;
/** Of a length: for each number that it is of, and at the most. */
const FLOAT32_LENGTH = 8e-11;
const MOST_FLOAT32_LENGTH = 2.5e-3;

/** How far what was found is from what was recorded. */
export class RecordedValues {
  readonly #case: GoldenCase<StepsCase>;
  readonly #tensor: ReturnType<typeof readFixtureTensors>;

  constructor(golden: GoldenCase<StepsCase>) {
    this.#case = golden;
    this.#tensor = readFixtureTensors(`${golden.folder}tensors.safetensors`);
  }

  has(name: string): boolean {
    return name in this.#case.json.values;
  }

  /** Those whose names begin so, without that beginning. */
  namesFrom(prefix: string): string[] {
    return Object.keys(this.#case.json.values).flatMap((name) =>
      name.startsWith(prefix) ? [name.slice(prefix.length)] : [],
    );
  }

  /**
   * A line for each value that is further away than its tolerance.
   *
   * @param isEarly  whether a parameter is of the first layers: their gradients, and what follows from them, may be
   *                 `EARLY_LAYERS` times as far away. Source: fixtures README, "3. File formats", `diff`
   */
  async drifts(
    found: Readonly<Record<string, ArrayLike<number>>>,
    isEarly: (key: string) => boolean = () => false,
  ): Promise<string[]> {
    const lines = await Promise.all(
      Object.entries(found).map(async ([name, data]) => {
        const recorded = this.#case.json.values[name];
        if (recorded === undefined) return [`${name}: not recorded`];
        const [, , key = ""] = /^step\d+\/(grad|change)\/(.*)$/.exec(name) ?? [];
        const allowed = this.#tolerance(name) * (isEarly(key) ? EARLY_LAYERS : 1);
        const difference = await this.#difference(recorded, name, data);
        return difference <= allowed ? [] : [`${name}: ${difference.toExponential(1)}, allowed ${allowed}`];
      }),
    );
    return lines.flat();
  }

  /**
   * The same for lengths of tensors, one for each, or for a sum of them. PyTorch adds the squares in float32, and so its length
   * of a hundred million numbers is 0.2 % short of the very same tensor's in the summary beside it, and others by less.
   *
   * @param counts  how many numbers each length, or the largest tensor of the sum, is of
   */
  lengthDrifts(
    name: string,
    lengths: readonly number[],
    counts: readonly number[],
    areEarly: readonly boolean[] = [],
  ): string[] {
    const recorded = this.#case.json.values[name];
    if (recorded === undefined) return [];
    const expected = recorded.tensor === undefined ? ([recorded.values].flat(4) as number[]) : this.#tensor(name).data;
    return lengths.flatMap((length, k) => {
      const [wanted = Number.NaN, count = 0] = [expected[k], counts[k]];
      const allowed =
        this.#tolerance(name) * (areEarly[k] ? EARLY_LAYERS : 1) +
        Math.min(FLOAT32_LENGTH * count, MOST_FLOAT32_LENGTH) * wanted;
      return Math.abs(length - wanted) <= allowed ? [] : [`${name}[${k}]: ${length}, recorded ${wanted}`];
    });
  }

  /**
   * As recorded. The FCN's training has no comparison with float64, only one other run, in which some ReLU or pooling tips over
   * in a later iteration than here: there it is that of the same quantity in any iteration or pass, and somewhat more.
   */
  #tolerance(name: string): number {
    const { values, arch } = this.#case.json;
    const recorded = values[name];
    if (recorded === undefined) return Number.NaN;
    if (recorded.diff?.f64 !== undefined || !arch.startsWith("fcn")) return recorded.tol;
    const quantityOf = (each: string) => each.replace(/^step\d+\//, "").replace(/^(source|target)\//, "");
    const alike = Object.entries(values).filter(([each]) => quantityOf(each) === quantityOf(name));
    return ONE_RUN_ONLY * Math.max(...alike.map(([, { tol }]) => tol));
  }

  async #difference(recorded: RecordedValue, name: string, data: ArrayLike<number>): Promise<number> {
    if (recorded.png !== undefined) {
      return countDiffering(data, (await decodeLabelMap(this.#case.folder + recorded.png)).data);
    }
    if (recorded.tensor !== undefined) return differenceOf(data, this.#tensor(name).data).largest;
    if (recorded.values !== undefined) return differenceOf(data, [recorded.values].flat(4) as number[]).largest;
    return differenceFromSummary(Float32Array.from(data), recorded as Summary);
  }
}
