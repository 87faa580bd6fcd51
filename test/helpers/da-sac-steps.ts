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

  /** A line for each value that is further away than its tolerance. */
  async drifts(found: Readonly<Record<string, ArrayLike<number>>>): Promise<string[]> {
    const lines = await Promise.all(
      Object.entries(found).map(async ([name, data]) => {
        const recorded = this.#case.json.values[name];
        if (recorded === undefined) return [`${name}: not recorded`];
        const difference = await this.#difference(recorded, name, data);
        return difference <= recorded.tol ? [] : [`${name}: ${difference.toExponential(1)}, allowed ${recorded.tol}`];
      }),
    );
    return lines.flat();
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
