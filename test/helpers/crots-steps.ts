// The recorded iterations of CROTS: batches as the original saw them, its draws, the tiny network, and what is compared.
import type { StateDict, StateTensor } from "../../src-main/engine/checkpoints/state-dict.ts";
import type { Graph } from "../../src-main/engine/graph/graph.ts";
import { at } from "../../src-main/engine/graph/node.ts";
import { add } from "../../src-main/engine/graph/ops/add.ts";
import { conv } from "../../src-main/engine/graph/ops/conv.ts";
import { reshape } from "../../src-main/engine/graph/ops/reshape.ts";
import type { TensorData } from "../../src-main/engine/graph/types.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import type { ColorChange, ColorJitter } from "../../src-main/engine/images/jitter-colors.ts";
import type { CrotsDraws } from "../../src-main/engine/methods/crots/step-draws.ts";
import { type Architecture, allKeys, type Stage } from "../../src-main/engine/models/architecture.ts";
import { deepLabV2Of } from "../../src-main/engine/models/detect-architecture.ts";
import type { DeviceTensor, NamedTensors, Program, Runtime } from "../../src-main/engine/runtimes/runtime.ts";
import type { Plane } from "../../src-main/engine/training/samples/sample.ts";
import { caffeBatch } from "./crots-network.ts";
import { countDiffering, differenceFromSummary, differenceOf, probeOf, type Summary } from "./recorded.ts";
import { readFixtureTensors } from "./safetensors-fixture.ts";

export interface RecordedValue extends Partial<Summary> {
  readonly shape: readonly number[];
  readonly tol: number;
  readonly values?: unknown;
  readonly tensor?: string;
  readonly png?: string;
}
export type RecordedValuesOf = Readonly<Record<string, RecordedValue>>;

/** Parameters per image, and the order of the changes. */
export interface RecordedJitter extends Readonly<Record<ColorChange, readonly number[]>> {
  readonly order: readonly ColorChange[];
}

export type RecordedDraw =
  | readonly ["partners", readonly [number, number, number]]
  | readonly ["beta" | "uniform", number];

/** "Let one of 16 probes miss", of values after Adam's steps. Source: fixtures README, "6. Tolerances". */
const PROBES_FOR_A_MISS = 16;
/** The gradients of the first layers. Source: README of DA-SAC's fixtures, "3. File formats", `diff`. */
const EARLY_LAYERS = 8;
const EARLY = /^step\d+\/grad\/(conv1|layer1\.)/;
const AFTER_ADAM = /^step\d+\/(teacher_)?change\//;

/** A line for each value that is further from the recorded one than its tolerance. */
export async function crotsDrifts(
  folder: string,
  values: RecordedValuesOf,
  found: Readonly<Record<string, ArrayLike<number>>>,
): Promise<string[]> {
  const lines = await Promise.all(
    Object.entries(found).map(async ([name, data]) => {
      const recorded = values[name];
      if (recorded === undefined) return [`${name}: not recorded`];
      const allowed = recorded.tol * (EARLY.test(name) ? EARLY_LAYERS : 1);
      if (AFTER_ADAM.test(name)) return missesOf(name, data, recorded, allowed);
      const difference = await differenceFrom(folder, recorded, name, data);
      return difference <= allowed ? [] : [`${name}: ${difference.toExponential(1)}, allowed ${allowed}`];
    }),
  );
  return lines.flat();
}

function missesOf(name: string, data: ArrayLike<number>, { probe = [] }: RecordedValue, allowed: number): string[] {
  const elements = probeOf(data, probe.length);
  const misses = probe.filter((value, k) => !(Math.abs(value - (elements[k] ?? Number.NaN)) <= allowed));
  const most = Math.ceil(probe.length / PROBES_FOR_A_MISS);
  return misses.length <= most
    ? []
    : [`${name}: ${misses.length} of ${probe.length} probes off by more than ${allowed}`];
}

async function differenceFrom(folder: string, recorded: RecordedValue, name: string, data: ArrayLike<number>) {
  if (recorded.png !== undefined) {
    return countDiffering(data, (await decodeLabelMap(folder + recorded.png)).data);
  }
  if (recorded.tensor !== undefined) {
    return differenceOf(data, readFixtureTensors(folder + recorded.tensor)(name).data).largest;
  }
  if (recorded.values !== undefined) return differenceOf(data, [recorded.values].flat(4) as number[]).largest;
  return differenceFromSummary(Float32Array.from(data), recorded as Summary);
}

/** What a step with these draws asks for, in the recorded order. */
export function replayedCrotsDraws(
  draws: readonly RecordedDraw[],
  jitter: RecordedJitter | null | undefined,
): CrotsDraws {
  let used = 0;
  const next = (kind: RecordedDraw[0]): RecordedDraw[1] => {
    const draw = draws[used];
    if (draw?.[0] !== kind) throw new Error(`draw ${used} is "${draw?.[0]}", and "${kind}" was asked for`);
    used += 1;
    return draw[1];
  };
  const number = (kind: "beta" | "uniform"): number => Number(next(kind));
  return {
    partners: () => next("partners") as [number, number, number],
    beta: () => number("beta"),
    unit: () => number("uniform"),
    sigma: () => number("uniform"),
    jitters: (images) => {
      if (jitter === null || jitter === undefined) throw new Error("no jitter was recorded in this step");
      return Array.from({ length: images }, (_, k) => jitterOf(jitter, k));
    },
  };
}

export function jitterOf({ order, ...amounts }: RecordedJitter, image: number): ColorJitter {
  const of = (name: ColorChange): number => amounts[name][image] ?? Number.NaN;
  return {
    order,
    brightness: of("brightness"),
    contrast: of("contrast"),
    saturation: of("saturation"),
    hue: of("hue"),
  };
}

/** Recorded pictures with their labels, as the planes of a stream. */
export async function labelledPlanes(
  folder: string,
  stream: string,
  pairs: readonly (readonly [image: string, label: string])[],
): Promise<Record<string, Plane>> {
  const { shape } = await caffeBatch([folder + at(pairs, 0)[0]]);
  const maps = await Promise.all(pairs.map(([, label]) => decodeLabelMap(folder + label)));
  const data = Int32Array.from(maps.flatMap((map) => [...map.data]));
  return {
    ...(await imagePlanes(
      folder,
      stream,
      pairs.map(([image]) => image),
    )),
    [`${stream}.labels`]: { shape: [pairs.length, ...shape.slice(2)], data },
  };
}

export async function imagePlanes(
  folder: string,
  stream: string,
  files: readonly string[],
): Promise<Record<string, Plane>> {
  const { shape, data } = await caffeBatch(files.map((file) => folder + file));
  return { [`${stream}.image`]: { shape, data: data as Float32Array } };
}

/** The network in place of which whole tensors could be stored. Source: fixtures README, "1. How it was run". */
export function tinyArchitecture(): Architecture {
  const stages: Stage[] = [
    {
      name: "body",
      apply: (scope, [x]) => {
        const weight = scope.parameter("conv.weight", [5, 3, 3, 3]);
        return [scope.activate(scope.normalize(conv(x, weight, { strides: [2, 2], pads: [1, 1, 1, 1] }), "bn"))];
      },
    },
    {
      name: "head",
      apply: (scope, [x]) => {
        const logits = conv(x, scope.parameter("head.weight", [19, 5, 1, 1]), {});
        return [add(logits, reshape(scope.parameter("head.bias", [19]), [1, 19, 1, 1]))];
      },
    },
  ];
  const pattern = deepLabV2Of("resnet18", 19, 4, "adaptsegnet");
  return { ...pattern, stages, keys: allKeys({ stages, normalization: "plain" }) };
}

export function tinyStateDict(folder: string): StateDict {
  const recorded = readFixtureTensors(`${folder}tensors.safetensors`);
  return new Map(
    [...tinyArchitecture().keys].map(([key, shape]): [string, StateTensor] => {
      if (key.endsWith("num_batches_tracked")) return [key, { dtype: "int64", shape, data: new BigInt64Array(1) }];
      return [key, { dtype: "float32", shape, data: recorded(`initial/${key}`).data }];
    }),
  );
}

/** A runtime that keeps copies of what programs put out under some names: the last of each. */
export class ObservedRuntime implements Runtime {
  readonly #inner: Runtime;
  readonly #isWanted: (name: string) => boolean;
  readonly seen = new Map<string, TensorData>();

  constructor(inner: Runtime, isWanted: (name: string) => boolean) {
    this.#inner = inner;
    this.#isWanted = isWanted;
  }

  get description() {
    return this.#inner.description;
  }

  upload(...args: Parameters<Runtime["upload"]>): DeviceTensor {
    return this.#inner.upload(...args);
  }

  async compile(graph: Graph): Promise<Program> {
    const program = await this.#inner.compile(graph);
    return {
      run: async (inputs: NamedTensors) => {
        const outputs = await program.run(inputs);
        for (const [name, tensor] of outputs) {
          if (this.#isWanted(name)) this.seen.set(name, (await tensor.read()).slice());
        }
        return outputs;
      },
      dispose: () => program.dispose(),
    };
  }

  /** The runtime inside is its owner's. */
  dispose(): Promise<void> {
    return Promise.resolve();
  }
}
