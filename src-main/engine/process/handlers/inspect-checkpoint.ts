// Reads a checkpoint and says what is in it, key by key.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { LabelSetData } from "../../../../src-shared/contract/label-set.ts";
import type { Failure } from "../../../../src-shared/contract/results.ts";
import type { CheckpointKey } from "../../../../src-shared/contract/workbench/checkpoints.ts";
import { labelSetFor } from "../../../../src-shared/labels/label-sets.ts";
import type { StateDict } from "../../checkpoints/state-dict.ts";
import { sameShape } from "../../graph/node.ts";
import type { Architecture } from "../../models/architecture.ts";
import { architectureOf } from "../../models/architecture-of.ts";
import { checkpointClasses } from "../../models/checkpoint-classes.ts";
import { type Inspection, inspectCheckpoint as inspect } from "../../models/inspect-checkpoint.ts";
import { type Checkpoint, loadCheckpoint } from "../../models/load-checkpoint.ts";
import type { Handler } from "../handler.ts";

export const inspectCheckpoint: Handler<"inspectCheckpoint"> = async ({ path }) => {
  const file = await loadCheckpoint(path);
  const { checkpoint, refusal, noNumbers, recommended, recommendedProblem } = inspect(file);
  const architecture = checkpoint.arch === null ? null : architectureOf(file);
  const classes = await classesOf(file, checkpoint.numClasses);
  const problem = refusal ?? classes.problem;
  const { labelSet } = classes;
  return {
    checkpoint: {
      ...checkpoint,
      recommended,
      recommendedProblem,
      problem,
      ...(labelSet === undefined ? {} : { labelSet }),
    },
    keys: keyRows(file.stateDict, architecture, noNumbers),
  };
};

/** What the classes are, or why that can't be said. */
async function classesOf(
  file: Checkpoint,
  numClasses: number | null,
): Promise<{ labelSet: LabelSetData | undefined; problem: Failure | null }> {
  if (numClasses === null) return { labelSet: undefined, problem: null };
  try {
    labelSetFor(numClasses);
    return { labelSet: await checkpointClasses(file, numClasses), problem: null };
  } catch (error) {
    if (error instanceof AppError)
      return { labelSet: undefined, problem: { code: error.code, message: error.message } };
    throw error;
  }
}

/** The keys of the file in its order, then those that it lacks. */
function keyRows(
  stateDict: StateDict,
  architecture: Architecture | null,
  noNumbers: Inspection["noNumbers"],
): CheckpointKey[] {
  const counts = new Map(noNumbers.map(({ name, count }) => [name, count]));
  const found = [...stateDict].map(([key, { dtype, shape }]): CheckpointKey => {
    const row = { key, dtype, shape: [...shape], noNumbers: counts.get(key) ?? 0 };
    if (architecture === null) return { ...row, fit: "other", expectedShape: null };
    const expected = architecture.keys.get(key);
    if (expected === undefined) return { ...row, fit: "unexpected", expectedShape: null };
    if (sameShape(shape, expected)) return { ...row, fit: "matched", expectedShape: null };
    return { ...row, fit: "wrongShape", expectedShape: [...expected] };
  });
  const missing = [...(architecture?.keys ?? [])]
    .filter(([key]) => !stateDict.has(key))
    .map(([key, shape]): CheckpointKey => {
      return { key, dtype: "", shape: [], fit: "missing", expectedShape: [...shape], noNumbers: 0 };
    });
  return [...found, ...missing];
}
