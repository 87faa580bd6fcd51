// Finds the state of a PyTorch SGD optimizer beside the weights of a training checkpoint.
import { damaged } from "../checkpoint-error.ts";
import type { PickleValue } from "../pickle/pickle-values.ts";
import type { StateTensor } from "../state-dict.ts";
import { copyAllowanceFor, tensorFromArchive } from "./state-dict-from-archive.ts";
import { TensorRef } from "./tensor-ref.ts";
import type { TorchArchive } from "./torch-archive.ts";

/** One of an optimizer's groups of parameters. */
export interface StoredGroup {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly momentum: number;
  /** Momentum buffer of each parameter, in the group's order; null where no step was taken. */
  readonly buffers: readonly (StateTensor | null)[];
}

interface FoundOptimizer {
  readonly state: ReadonlyMap<PickleValue, PickleValue>;
  readonly groups: readonly PickleValue[];
}

/** Whether a checkpoint holds an optimizer's state. @param root  what was pickled */
export function hasOptimizer(root: PickleValue): boolean {
  return found(root) !== null;
}

/**
 * The groups in their order; none where there is no optimizer in the checkpoint.
 *
 * @param fileBytes  size of the whole file
 * @throws AppError `checkpoint.damaged`
 */
export function optimizerFromArchive(fileName: string, fileBytes: number, archive: TorchArchive): StoredGroup[] {
  const optimizer = found(archive.root);
  if (optimizer === null) return [];
  const allowance = copyAllowanceFor(fileBytes);
  return optimizer.groups.map((group, place) => {
    if (!(group instanceof Map)) throw damaged(fileName, `group ${place} of its optimizer is no dict`);
    const numberOf = (name: string): number => {
      const value = group.get(name);
      if (typeof value === "number") return value;
      throw damaged(fileName, `group ${place} of its optimizer has no ${name}`);
    };
    const params = group.get("params");
    if (!Array.isArray(params)) throw damaged(fileName, `group ${place} of its optimizer names no parameters`);
    return {
      learningRate: numberOf("lr"),
      weightDecay: numberOf("weight_decay"),
      momentum: numberOf("momentum"),
      buffers: params.map((id) => {
        const buffer = bufferOf(optimizer.state.get(id));
        return buffer === null
          ? null
          : tensorFromArchive(fileName, `momentum ${String(id)}`, buffer, archive, allowance);
      }),
    };
  });
}

function bufferOf(state: PickleValue | undefined): TensorRef | null {
  const buffer = state instanceof Map ? state.get("momentum_buffer") : undefined;
  return buffer instanceof TensorRef ? buffer : null;
}

/** A dict of `state` and `param_groups` directly in the checkpoint, whatever it is called there. */
function found(root: PickleValue): FoundOptimizer | null {
  if (!(root instanceof Map)) return null;
  for (const value of root.values()) {
    if (!(value instanceof Map)) continue;
    const [state, groups] = [value.get("state"), value.get("param_groups")];
    if (state instanceof Map && Array.isArray(groups)) return { state, groups };
  }
  return null;
}
