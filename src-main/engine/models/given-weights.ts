// Starts a training from a file: torchvision's ImageNet weights of the backbone, or a whole checkpoint of the same network.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { requireNumbers } from "../checkpoints/no-numbers.ts";
import { type StateDict, type StateTensor, toFloat32 } from "../checkpoints/state-dict.ts";
import { sameShape } from "../graph/node.ts";
import type { Architecture } from "./architecture.ts";
import { detectArchitecture } from "./detect-architecture.ts";
import { keyProblems } from "./match-state-dict.ts";

/** What no file gives: alphas and counts are ours. */
const OURS = /\.(alpha|num_batches_tracked)$/;
/** ImageNet's own classifier, which no network here evaluates. */
const UNUSED = /(^|\.)fc\./;

/**
 * Weights from scratch with those of the file in their places. A checkpoint that fits the network exactly gives all but the
 * alphas and the counts; anything else is taken for an ImageNet classifier and gives the backbone.
 *
 * @param initial  of the architecture, from scratch
 * @param file     its path is for the error message
 * @throws AppError `checkpoint.mismatch` when a weight of the backbone is not in the file, or is of another shape;
 *         `checkpoint.values` when one that is taken is NaN or infinite
 */
export function withGivenWeights(
  initial: StateDict,
  { stateDict: given, path }: { readonly stateDict: StateDict; readonly path: string },
  architecture: Architecture,
): StateDict {
  const isWhole = keyProblems(given, architecture).length === 0;
  const start = new Map<string, StateTensor>();
  const missing: string[] = [];
  for (const [key, tensor] of initial) {
    const name = OURS.test(key) ? null : isWhole ? key : architecture.imagenetKey(key);
    const found = name === null ? undefined : given.get(name);
    const fits = found !== undefined && sameShape(found.shape, tensor.shape);
    if (name !== null && !fits && !UNUSED.test(name)) missing.push(name);
    start.set(key, fits ? { dtype: "float32", shape: tensor.shape, data: toFloat32(found).slice() } : tensor);
  }
  const [first] = missing;
  if (first === undefined) {
    requireNumbers(start, path);
    return start;
  }
  const other = otherNetwork(given, architecture);
  if (other !== null) {
    throw new AppError(
      "checkpoint.mismatch",
      `"${path}" is a checkpoint of ${other}, and ${networkWords(architecture)} is trained; give one of that network, or ` +
        "leave it out to start from scratch.",
    );
  }
  throw new AppError(
    "checkpoint.mismatch",
    `"${path}" holds neither ImageNet weights of ${architecture.backbone} nor a checkpoint of the same network: ` +
      `${missing.length} weights are missing or of another shape, such as "${first}"; give such a file, or leave it out to start from scratch.`,
  );
}

/** Which network a file is of, where it is one that is known and not the architecture. */
function otherNetwork(given: StateDict, architecture: Architecture): string | null {
  try {
    const words = networkWords(detectArchitecture(given, ""));
    return words === networkWords(architecture) ? null : words;
  } catch {
    return null; // of none that is known
  }
}

function networkWords({ arch, backbone, numClasses }: Architecture): string {
  return `${arch} on ${backbone} with ${numClasses} classes`;
}
