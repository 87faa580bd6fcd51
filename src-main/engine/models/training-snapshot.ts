// Reads a snapshot of DA-SAC's training, whole: both networks, the class prior and the optimizer's momentum.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { requireNumbers } from "../checkpoints/no-numbers.ts";
import { readCheckpointFile } from "../checkpoints/read-file.ts";
import { type StateDict, type StateTensor, toFloat32 } from "../checkpoints/state-dict.ts";
import { optimizerFromArchive, type StoredGroup } from "../checkpoints/torch/find-optimizer.ts";
import { readTorch } from "../checkpoints/torch/read-torch.ts";
import { stateDictFromArchive } from "../checkpoints/torch/state-dict-from-archive.ts";
import { trainingNetworks } from "../checkpoints/training-networks.ts";
import { sameShape } from "../graph/node.ts";
import type { Architecture } from "./architecture.ts";
import { detectArchitecture } from "./detect-architecture.ts";
import { withoutModule } from "./load-checkpoint.ts";
import { requireMatch } from "./match-state-dict.ts";
import { parameterGroups } from "./parameter-groups.ts";

export interface TrainingSnapshot {
  readonly architecture: Architecture;
  readonly student: StateDict;
  /** null in the snapshot of a baseline. */
  readonly teacher: StateDict | null;
  /** `running_conf`, float32 [K]: null in the snapshot of a baseline. */
  readonly classPrior: Float32Array | null;
  /** `slow_init` as stored; null in the snapshot of a baseline. */
  readonly slowInit: number | null;
  /** null where the file holds no optimizer. */
  readonly optimizer: SnapshotOptimizer | null;
  /** The epoch about to be trained, which is the number of those that are done. */
  readonly epoch: number;
  /** Mean IoU of the validation that the snapshot was kept for, 0 to 1. */
  readonly score: number;
}

export interface SnapshotOptimizer {
  /** Rate, decay and momentum, in the order of `parameterGroups`. */
  readonly groups: readonly Omit<StoredGroup, "buffers">[];
  /** Momentum buffers by the key of their parameter; parameters that no step has changed have none. */
  readonly momentum: StateDict;
}

/**
 * Both containers of torch.save. Source: spec of DA-SAC, "10. Snapshots".
 *
 * @throws AppError those of `loadCheckpoint`; `checkpoint.architecture`, `checkpoint.mismatch`, `checkpoint.values`
 */
export async function readTrainingSnapshot(path: string): Promise<TrainingSnapshot> {
  const file = await readCheckpointFile(path);
  const torch = readTorch(file);
  const parsed = torch && stateDictFromArchive(file.name, file.bytes.length, torch.archive);
  const networks = parsed && trainingNetworks(withoutModule(parsed.stateDict));
  if (torch === null || parsed === null || networks === null || networks.method !== "DA-SAC") {
    throw mismatch(path, "is no snapshot of a training with student and teacher; choose one that DA-SAC wrote");
  }
  const { student, teacher, beside } = networks;
  const architecture = detectArchitecture(student, path);
  for (const network of teacher === null ? [student] : [student, teacher]) {
    requireMatch(network, architecture, path);
    requireNumbers(network, path);
  }
  const groups = optimizerFromArchive(file.name, file.bytes.length, torch.archive);
  const { epoch, score } = parsed.metadata;
  const numbersOf = (key: string): Float32Array | null => {
    const tensor = beside.get(key);
    return tensor === undefined ? null : toFloat32(tensor);
  };
  return {
    architecture,
    student,
    teacher,
    classPrior: numbersOf("running_conf"),
    slowInit: numbersOf("slow_init")?.[0] ?? null,
    optimizer: groups.length === 0 ? null : optimizerOf(path, architecture, groups),
    epoch: typeof epoch === "number" ? epoch : 0,
    score: typeof score === "number" ? score : 0,
  };
}

function optimizerOf(path: string, architecture: Architecture, stored: readonly StoredGroup[]): SnapshotOptimizer {
  const groups = parameterGroups(architecture);
  const counts = groups.map(({ keys }) => keys.length);
  if (stored.map(({ buffers }) => buffers.length).join() !== counts.join()) {
    throw mismatch(
      path,
      `holds an optimizer of other groups than the network's, which have ${counts.join(", ")} parameters; use another snapshot`,
    );
  }
  const momentum = new Map<string, StateTensor>();
  for (const [place, { keys }] of groups.entries()) {
    for (const [index, key] of keys.entries()) {
      const buffer = stored[place]?.buffers[index] ?? null;
      if (buffer === null) continue;
      if (!sameShape(buffer.shape, architecture.keys.get(key) ?? [])) {
        throw mismatch(
          path,
          `holds a momentum of "${key}" of another shape than the parameter's; use another snapshot`,
        );
      }
      momentum.set(key, buffer);
    }
  }
  requireNumbers(momentum, path);
  return {
    groups: stored.map(({ learningRate, weightDecay, momentum: factor }) => ({
      learningRate,
      weightDecay,
      momentum: factor,
    })),
    momentum,
  };
}

function mismatch(path: string, what: string): AppError {
  return new AppError("checkpoint.mismatch", `"${path}" ${what}.`);
}
