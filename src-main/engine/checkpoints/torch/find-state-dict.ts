// Finds the network's weights in whatever was saved: a bare state dict, or a training checkpoint around it.
import { wrongFormat } from "../checkpoint-error.ts";
import type { PickleValue } from "../pickle/pickle-values.ts";
import { TensorRef } from "./tensor-ref.ts";

export interface FoundStateDict {
  readonly tensors: ReadonlyMap<string, TensorRef>;
  /** Plain values found in the dicts around the weights, outermost first. */
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

type Dict = ReadonlyMap<PickleValue, PickleValue>;

interface Candidate {
  readonly tensors: ReadonlyMap<string, TensorRef>;
  /** From the outermost dict to the one that holds the tensors. */
  readonly path: readonly Dict[];
  readonly key: PickleValue;
}

// checkpoint > model > state_dict > parts is as deep as anyone nests.
const MAX_DEPTH = 8;

// Several copies of one network have equally many tensors (a model and its moving average): the first of these wins.
const PREFERRED_KEYS: readonly PickleValue[] = [
  "state_dict",
  "model_state_dict",
  "model_state",
  "model",
  "net",
  "network",
  "student",
  "teacher",
  "ema",
];

/**
 * The dict with the most tensors under text keys; among equals the one with the best-known name, then the first.
 *
 * @throws AppError `checkpoint.format` when there is none
 */
export function findStateDict(fileName: string, root: PickleValue): FoundStateDict {
  const candidates: Candidate[] = [];
  collect(root, null, [], new Set(), candidates);
  const best = candidates.toSorted((a, b) => b.tensors.size - a.tensors.size || rank(a.key) - rank(b.key)).at(0);
  if (best === undefined) {
    throw wrongFormat(fileName, "holds no named tensors; save the network's state_dict() with torch.save.");
  }
  return { tensors: best.tensors, metadata: metadataOf(best.path) };
}

function collect(
  value: PickleValue,
  key: PickleValue,
  around: readonly Dict[],
  seen: Set<PickleValue>,
  candidates: Candidate[],
): void {
  // A pickle can hold a dict twice, even in itself.
  if (!(value instanceof Map) || around.length >= MAX_DEPTH || seen.has(value)) return;
  seen.add(value);
  const path = [...around, value];
  const tensors = new Map<string, TensorRef>();
  for (const [name, item] of value) {
    if (item instanceof TensorRef && typeof name === "string") tensors.set(name, item);
    else collect(item, name, path, seen, candidates);
  }
  if (tensors.size > 0) candidates.push({ tensors, path, key });
}

function rank(key: PickleValue): number {
  const place = PREFERRED_KEYS.indexOf(key);
  return place < 0 ? PREFERRED_KEYS.length : place;
}

function metadataOf(path: readonly Dict[]): FoundStateDict["metadata"] {
  const entries = path.flatMap((dict) => [...trainingNotes(dict.get("meta")), ...plainEntries(dict)]);
  return Object.fromEntries(entries);
}

/** What mmcv's runner notes beside the weights that is short: its configuration and environment are whole files. */
const TRAINING_NOTES: readonly PickleValue[] = [
  "epoch",
  "iter",
  "seed",
  "time",
  "exp_name",
  "mmseg_version",
  "mmcv_version",
];

function trainingNotes(meta: PickleValue | undefined): [string, string | number | boolean][] {
  if (!(meta instanceof Map)) return [];
  return plainEntries(new Map([...meta].filter(([key]) => TRAINING_NOTES.includes(key))));
}

function plainEntries(dict: Dict): [string, string | number | boolean][] {
  return [...dict].flatMap(([key, value]) => plainEntry(key, value));
}

function plainEntry(key: PickleValue, value: PickleValue): [string, string | number | boolean][] {
  if (typeof key !== "string") return [];
  if (typeof value === "bigint") return [[key, value.toString()]];
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? [[key, value]] : [];
}
