// What a checkpoint holds and whether it fits the architecture that its keys belong to.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { type RecommendedParameters, recommendedIn } from "../../../src-shared/contract/recommended-parameters.ts";
import type { CheckpointSummary, Failure } from "../../../src-shared/contract/results.ts";
import { noNumbers, noNumbersSentence } from "../checkpoints/no-numbers.ts";
import { elementCount, type StateDict, toFloat32 } from "../checkpoints/state-dict.ts";
import { type Architecture, modelName } from "./architecture.ts";
import { architectureOf } from "./architecture-of.ts";
import { checkpointNotes } from "./checkpoint-notes.ts";
import type { Checkpoint } from "./load-checkpoint.ts";
import { type KeyProblem, keyProblems } from "./match-state-dict.ts";

export interface Inspection {
  /** arch, backbone, numClasses and alpha are null where the keys are of no known architecture. */
  readonly checkpoint: Omit<CheckpointSummary, "arch" | "backbone" | "numClasses"> & {
    readonly [K in "arch" | "backbone" | "numClasses"]: CheckpointSummary[K] | null;
  };
  readonly metadata: Checkpoint["metadata"];
  /** What a snapshot of a training holds besides; null for any other file. */
  readonly snapshot: Checkpoint["snapshot"];
  /** Whose names the file has, where they are not those of the keys here. */
  readonly namedBy: Checkpoint["namedBy"];
  /** The networks in the file, where there are several. */
  readonly networks: Checkpoint["networks"];
  /** Tensors beside the network that belong to none. */
  readonly unused: readonly string[];
  /** Classes and functions of the file that are not read, and how many objects of each were passed over. */
  readonly skipped: readonly { readonly name: string; readonly count: number }[];
  /** What it recommends for self-adaptation; null when it recommends nothing, or nothing that can be read. */
  readonly recommended: RecommendedParameters | null;
  /** Why its recommendation can't be read; null when it can, or there is none. */
  readonly recommendedProblem: Failure | null;
  /** Numbers in floating-point tensors, running statistics included. */
  readonly parameters: number;
  readonly keys: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[];
  readonly problems: readonly KeyProblem[];
  /** The keys with values that are NaN or infinite, and how many. */
  readonly noNumbers: readonly { readonly name: string; readonly count: number }[];
  /** Why it can't be run as it is, in one sentence; null when it fits. */
  readonly refusal: Failure | null;
}

export function inspectCheckpoint(checkpoint: Checkpoint): Inspection {
  const { path, format, sizeBytes, sha256, stateDict, metadata, snapshot, namedBy } = checkpoint;
  const keys = [...stateDict].map(([name, { shape, dtype }]) => ({ name, shape, dtype }));
  const floating = keys.filter(({ dtype }) => dtype.includes("float"));
  const parameters = floating.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const found = noNumbers(stateDict);
  const broken = [...found].map(([name, count]) => ({ name, count }));
  const { networks, unused } = checkpoint;
  const skipped = [...checkpoint.skipped].map(([name, count]) => ({ name, count }));
  const beside = { networks, unused, skipped };
  const read = {
    metadata,
    snapshot,
    namedBy,
    ...beside,
    ...recommendationOf(checkpoint),
    parameters,
    keys,
    noNumbers: broken,
  };
  const detected = detectedArchitecture(checkpoint);
  if (detected instanceof AppError) {
    const unknown = { arch: null, backbone: null, numClasses: null, alpha: null };
    return {
      checkpoint: { path, format, sizeBytes, sha256, ...unknown },
      ...read,
      problems: [],
      refusal: failureOf(detected),
    };
  }
  const problems = keyProblems(stateDict, detected);
  return {
    checkpoint: checkpointSummary(checkpoint, detected),
    ...read,
    problems,
    refusal: refusalOf(path, detected, problems, found),
  };
}

export function checkpointSummary(checkpoint: Checkpoint, architecture: Architecture): CheckpointSummary {
  const { path, format, sizeBytes, sha256, stateDict, snapshot } = checkpoint;
  const { arch, backbone, numClasses } = architecture;
  const alpha = commonAlpha(stateDict);
  const chosen = snapshot?.weights ?? checkpoint.networks?.chosen;
  const weights = chosen === undefined ? {} : { weights: chosen };
  const notes = checkpointNotes(checkpoint);
  return {
    path,
    format,
    sizeBytes,
    sha256,
    arch,
    backbone,
    numClasses,
    alpha,
    ...weights,
    ...(notes.length === 0 ? {} : { notes }),
  };
}

function recommendationOf({ metadata, path }: Checkpoint): Pick<Inspection, "recommended" | "recommendedProblem"> {
  try {
    return { recommended: recommendedIn(metadata, path), recommendedProblem: null };
  } catch (error) {
    if (error instanceof AppError) return { recommended: null, recommendedProblem: failureOf(error) };
    throw error;
  }
}

function failureOf({ code, message }: AppError): Failure {
  return { code, message };
}

function refusalOf(
  path: string,
  architecture: Architecture,
  problems: readonly KeyProblem[],
  found: ReadonlyMap<string, number>,
): Failure | null {
  if (problems.length === 0) {
    return found.size === 0 ? null : { code: "checkpoint.values", message: noNumbersSentence(found, path) };
  }
  const count = problems.length === 1 ? "1 key does" : `${problems.length} keys do`;
  return { code: "checkpoint.mismatch", message: `"${path}": ${count} not fit ${modelName(architecture)}.` };
}

/** The alpha of all normalisation layers, 0 where none keeps one; null when they differ, or one is no number. */
function commonAlpha(stateDict: StateDict): number | null {
  const alphas = new Set<number>();
  for (const [key, tensor] of stateDict) {
    if (!key.endsWith(".alpha")) continue;
    // Seven digits are what float32 holds: 0.1 instead of 0.10000000149.
    alphas.add(Number((toFloat32(tensor)[0] ?? Number.NaN).toPrecision(7)));
  }
  const [first = 0, ...others] = alphas;
  return others.length === 0 && Number.isFinite(first) ? first : null;
}

function detectedArchitecture(checkpoint: Checkpoint): Architecture | AppError {
  try {
    return architectureOf(checkpoint);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
