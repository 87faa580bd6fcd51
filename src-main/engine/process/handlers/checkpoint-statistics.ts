// Reads a checkpoint, or two, and says what their weights are like and how they differ.

import { stateDictChanges, stateDictStatistics } from "../../checkpoints/tensor-statistics.ts";
import { stopIfCancelled } from "../../methods/shared/cancellation.ts";
import { describeArchitecture as describe } from "../../models/describe-architecture.ts";
import { loadCheckpoint } from "../../models/load-checkpoint.ts";
import { architectureFrom } from "../architecture-from.ts";
import type { Handler } from "../handler.ts";

export const checkpointStatistics: Handler<"checkpointStatistics"> = async ({ path }, { signal }) => {
  const { stateDict } = await loadCheckpoint(path);
  stopIfCancelled(signal);
  return stateDictStatistics(stateDict);
};

export const checkpointChanges: Handler<"checkpointChanges"> = async ({ from, to }, { signal }) => {
  const before = await loadCheckpoint(from);
  stopIfCancelled(signal);
  const after = await loadCheckpoint(to);
  stopIfCancelled(signal);
  return stateDictChanges(before.stateDict, after.stateDict);
};

export const describeArchitecture: Handler<"describeArchitecture"> = async ({ network, size }) =>
  describe(await architectureFrom(network), size);
