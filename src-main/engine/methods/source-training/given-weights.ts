// Starts training from a file: torchvision's ImageNet weights of the backbone, or a whole checkpoint of the same network.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { SourceTrainingConfig } from "../../../../src-shared/contract/training/source-training.ts";
import { requireNumbers } from "../../checkpoints/no-numbers.ts";
import type { StateDict, StateTensor } from "../../checkpoints/state-dict.ts";
import { toFloat32 } from "../../checkpoints/state-dict.ts";
import { sameShape } from "../../graph/node.ts";
import type { Architecture } from "../../models/architecture.ts";
import { keyProblems } from "../../models/match-state-dict.ts";
import { initialAlpha } from "./alpha-grid.ts";
import { initialStateDict } from "./initial-state-dict.ts";
import { architectureOf } from "./training-architecture.ts";

/** Heads are not in ImageNet files, alphas and counts are ours. */
const NOT_IN_FILES = /^cls_head\.|^model\.(classifier|last_layer)\.|\.(alpha|num_batches_tracked)$/;
/** ImageNet's own classifier, which no network here evaluates. */
const UNUSED = /(^|\.)fc\./;

/**
 * Weights from scratch with those of the file in their places. A checkpoint that fits the network exactly gives all but the
 * alphas and the counts; anything else is taken for an ImageNet classifier and gives the backbone.
 *
 * @param file  its path is for the error message
 * @throws AppError `checkpoint.mismatch` when a weight of the backbone is not in the file, or is of another shape;
 *         `checkpoint.values` when one that is taken is NaN or infinite
 */
export function givenWeights(
  { stateDict, path }: { readonly stateDict: StateDict; readonly path: string },
  config: SourceTrainingConfig,
): StateDict {
  const architecture = architectureOf(config);
  const initial = initialStateDict(architecture, initialAlpha(config), config.seed);
  return withGiven(initial, stateDict, architecture, path);
}

function withGiven(initial: StateDict, given: StateDict, architecture: Architecture, source: string): StateDict {
  const isWhole = keyProblems(given, architecture).length === 0;
  const start = new Map<string, StateTensor>();
  const missing: string[] = [];
  for (const [key, tensor] of initial) {
    const name = isWhole ? wholeName(key) : imagenetName(key);
    const found = name === null ? undefined : given.get(name);
    const fits = found !== undefined && sameShape(found.shape, tensor.shape);
    if (name !== null && !fits && !UNUSED.test(name)) missing.push(name);
    start.set(key, fits ? { dtype: "float32", shape: tensor.shape, data: toFloat32(found) } : tensor);
  }
  const [first] = missing;
  if (first === undefined) {
    requireNumbers(start, source);
    return start;
  }
  throw new AppError(
    "checkpoint.mismatch",
    `"${source}" holds neither ImageNet weights of ${architecture.backbone} nor a checkpoint of the same network: ` +
      `${missing.length} weights are missing or of another shape, such as "${first}"; give such a file, or leave it out to start from scratch.`,
  );
}

function wholeName(key: string): string | null {
  return /\.(alpha|num_batches_tracked)$/.test(key) ? null : key;
}

/** backbone.layer1.0.bn1.batch_norm.weight is layer1.0.bn1.weight in torchvision's files; null where it is none of theirs. */
function imagenetName(key: string): string | null {
  if (NOT_IN_FILES.test(key)) return null;
  return key.replace(/^(model\.)?(backbone\.)?/, "").replace(".batch_norm.", ".");
}
