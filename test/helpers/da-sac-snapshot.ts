// Writes snapshots as DA-SAC's training leaves them: the model's state, SGD's state, score and epoch.
import type { StateDict, StateTensor } from "../../src-main/engine/checkpoints/state-dict.ts";
import type { Architecture } from "../../src-main/engine/models/architecture.ts";
import { parameterGroups } from "../../src-main/engine/models/parameter-groups.ts";
import { uniform } from "./seeded-tensors.ts";
import { orderedDict, type PyCall, type PyValue } from "./write-pickle.ts";
import { torchLegacyChunks, torchZipChunks } from "./write-torch-checkpoint.ts";

export interface SnapshotParts {
  readonly architecture: Architecture;
  readonly student: StateDict;
  /** With it come class prior and mark of the first update. */
  readonly teacher?: StateDict;
  readonly container?: "zip" | "legacy";
}

const OPTIMIZER = "optimizer.";
export const SNAPSHOT_EPOCH = 136;
export const SNAPSHOT_SCORE = 0.512;

/** The momentum buffer that the snapshot has of a parameter. */
export function snapshotMomentum({ keys }: Architecture, key: string): Float32Array {
  const shape = keys.get(key) ?? [];
  return uniform(shape, [...keys.keys()].indexOf(key)).data as Float32Array;
}

/** The class prior that the snapshot has. */
export function snapshotPrior(classes: number): Float32Array {
  return Float32Array.from({ length: classes }, (_, c) => (c + 1) / 1000);
}

/** The file. Source: spec of DA-SAC, "10. Snapshots". */
export function daSacSnapshot({ architecture, student, teacher, container = "zip" }: SnapshotParts): Uint8Array {
  const prefixed = (stateDict: StateDict, prefix: string) =>
    [...stateDict].map(([key, tensor]): [string, StateTensor] => [`module.${prefix}.${key}`, tensor]);
  const { numClasses } = architecture;
  const teaching: [string, StateTensor][] =
    teacher === undefined
      ? []
      : [
          ["module.running_conf", { dtype: "float32", shape: [numClasses], data: snapshotPrior(numClasses) }],
          ["module.slow_init", { dtype: "float32", shape: [1], data: Float32Array.of(0) }],
          ...prefixed(teacher, "slow_net"),
        ];
  const groups = parameterGroups(architecture);
  const buffers = groups
    .flatMap(({ keys }) => keys)
    .map((key, index): [string, StateTensor] => {
      const data = snapshotMomentum(architecture, key);
      return [`${OPTIMIZER}${index}`, { dtype: "float32", shape: architecture.keys.get(key) ?? [], data }];
    });
  const tensors = new Map([...prefixed(student, "backbone"), ...teaching, ...buffers]);
  const wrap = (all: PyValue): PyValue => {
    const entries = [...(all as PyCall).entries].map(([key, value]) => [String(key), value] as const);
    const isBuffer = ([key]: readonly [string, PyValue]) => key.startsWith(OPTIMIZER);
    return new Map<PyValue, PyValue>([
      ["model", orderedDict(new Map(entries.filter((entry) => !isBuffer(entry))))],
      [
        "opt",
        optimizerState(
          entries.filter(isBuffer).map(([, value]) => value),
          groups.map(({ keys }) => keys.length),
        ),
      ],
      ["score", SNAPSHOT_SCORE],
      ["epoch", SNAPSHOT_EPOCH],
    ]);
  };
  const chunks = container === "zip" ? torchZipChunks(tensors, { wrap }) : torchLegacyChunks(tensors, { wrap });
  return new Uint8Array(Buffer.concat(chunks));
}

function optimizerState(buffers: readonly PyValue[], counts: readonly number[]): PyValue {
  let first = 0;
  const groups = counts.map((count, place): PyValue => {
    const params = Array.from({ length: count }, (_, k) => first + k);
    first += count;
    return new Map<PyValue, PyValue>([
      ["lr", [2.5e-4, 5e-4, 2.5e-3, 5e-3][place] ?? 0],
      ["momentum", 0.9],
      ["dampening", 0],
      ["weight_decay", place % 2 === 0 ? 5e-4 : 0.0],
      ["nesterov", false],
      ["params", params],
    ]);
  });
  const state = new Map<PyValue, PyValue>(
    buffers.map((buffer, index) => [index, new Map<PyValue, PyValue>([["momentum_buffer", buffer]])]),
  );
  return new Map<PyValue, PyValue>([
    ["state", state],
    ["param_groups", groups],
  ]);
}
