// The dicts of named tensors in whatever was saved: a bare state dict, or a training checkpoint around several.
import type { AppError } from "../../../../src-shared/contract/errors.ts";
import { hostile, wrongFormat } from "../checkpoint-error.ts";
import { OpaqueGlobal, OpaqueObject, PickleTuple, type PickleValue } from "../pickle/pickle-values.ts";
import { TensorRef } from "./tensor-ref.ts";

/** Plain values beside weights. */
export type PlainValues = Readonly<Record<string, string | number | boolean>>;

export interface TensorDict {
  /** The keys that lead to it, from the outermost dict; places in lists are keys, too. */
  readonly path: readonly string[];
  readonly tensors: ReadonlyMap<string, TensorRef>;
  /** What stands under text keys in place of tensors and is of a class that is not read. */
  readonly opaque: ReadonlyMap<string, OpaqueObject>;
  /** Plain values in the dicts around it and in itself, outermost first. */
  readonly metadata: PlainValues;
}

type Dict = ReadonlyMap<PickleValue, PickleValue>;

// checkpoint > model > state_dict > parts is as deep as people nest; programs that keep several trainings go a little further.
const MAX_DEPTH = 12;
// Each names a part of a network or of an optimizer's state: the largest network here has 2,145 parameters.
const MAX_DICTS = 20_000;

/** All dicts with tensors or placeholders under text keys that are reached through dicts, lists and tuples, in the file's order. */
export function tensorDicts(root: PickleValue): TensorDict[] {
  const found: TensorDict[] = [];
  collect(root, [], [], new Set(), found);
  return found;
}

function collect(
  value: PickleValue,
  path: readonly string[],
  around: readonly Dict[],
  seen: Set<PickleValue>,
  found: TensorDict[],
): void {
  const entries = entriesOf(value);
  // A pickle can hold a dict twice, even in itself.
  if (entries === null || path.length > MAX_DEPTH || seen.has(value) || found.length >= MAX_DICTS) return;
  seen.add(value);
  const dicts = entries instanceof Map ? [...around, entries] : around;
  const tensors = new Map<string, TensorRef>();
  const opaque = new Map<string, OpaqueObject>();
  for (const [name, item] of entries) {
    if (item instanceof TensorRef && typeof name === "string") tensors.set(name, item);
    else collect(item, [...path, String(name)], dicts, seen, found);
    if (item instanceof OpaqueObject && typeof name === "string") opaque.set(name, item);
  }
  if (tensors.size + opaque.size > 0) found.push({ path, tensors, opaque, metadata: metadataOf(dicts) });
}

/** Entries of a dict, also of one of a class derived from dict, and items of a list by their places; null for anything else. */
function entriesOf(value: PickleValue): Dict | [number, PickleValue][] | null {
  if (value instanceof Map) return value;
  if (value instanceof OpaqueObject) return value.entries.size > 0 ? value.entries : null;
  const items = value instanceof PickleTuple ? value.items : value;
  return Array.isArray(items) ? [...items.entries()] : null;
}

// Several copies of one network have equally many tensors (a model and its moving average): the first of these wins.
const PREFERRED_KEYS: readonly (string | undefined)[] = [
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
 * @throws AppError `checkpoint.hostile` when the tensors hang on an object of a class that is not read, by its name;
 *         `checkpoint.format` when there are none
 */
export function largestDict(fileName: string, dicts: readonly TensorDict[], root: PickleValue): TensorDict {
  const best = dicts[preferredDict(dicts)];
  if (best !== undefined) return best;
  const holder = heaviestOpaque(root, dicts);
  throw holder === null ? noNamedTensors(fileName) : opaqueRefusal(fileName, holder.global);
}

/** Its place among the dicts; -1 when none has tensors. */
export function preferredDict(dicts: readonly TensorDict[]): number {
  const withTensors = [...dicts.entries()].filter(([, { tensors }]) => tensors.size > 0);
  const order = withTensors.toSorted(([, a], [, b]) => b.tensors.size - a.tensors.size || rank(a) - rank(b));
  return order[0]?.[0] ?? -1;
}

export function noNamedTensors(fileName: string): AppError {
  return wrongFormat(fileName, "holds no named tensors; save the network's state_dict() with torch.save.");
}

/** For weights that are no tensors, or hang on something that is no dict. */
export function opaqueRefusal(fileName: string, { name, offset }: OpaqueGlobal): AppError {
  return hostile(fileName, `pickle global "${name.slice(0, 200)}" at byte ${offset}`);
}

function rank({ path }: TensorDict): number {
  const place = PREFERRED_KEYS.indexOf(path.at(-1));
  return place < 0 ? PREFERRED_KEYS.length : place;
}

interface Holder {
  readonly global: OpaqueGlobal;
  /** That hang on it, or in whose place such objects stand. */
  readonly tensors: number;
}

/** The placeholder with the most tensors, as a whole pickled network is one, or the first; null where there is none. */
export function heaviestOpaque(root: PickleValue, dicts: readonly TensorDict[]): Holder | null {
  const held = tensorsOnOpaque(root);
  const named = dicts.flatMap(({ opaque }) => {
    const [first] = opaque.values();
    return first === undefined ? [] : [{ global: first.global, tensors: opaque.size }];
  });
  const [most] = [...held, ...named].toSorted((a, b) => b.tensors - a.tensors);
  return most ?? null;
}

/** What is off the list in the file's order, with how many tensors hang on each that is not in another one. */
function tensorsOnOpaque(root: PickleValue): Holder[] {
  const counts = new Map<OpaqueGlobal, number>();
  const seen = new Set<PickleValue>();
  // By hand, since a pickle can nest deeper than calls can.
  const waiting: { readonly value: PickleValue; readonly holder: OpaqueGlobal | null }[] = [
    { value: root, holder: null },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, holder } = next;
    if (value === null || typeof value !== "object" || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof TensorRef && holder !== null) counts.set(holder, (counts.get(holder) ?? 0) + 1);
    if (value instanceof OpaqueGlobal && !counts.has(value)) counts.set(value, 0);
    const inside = value instanceof OpaqueObject ? (holder ?? value.global) : holder;
    for (const part of partsOf(value).toReversed()) waiting.push({ value: part, holder: inside });
  }
  return [...counts].map(([global, tensors]) => ({ global, tensors }));
}

function partsOf(value: PickleValue): PickleValue[] {
  if (value instanceof OpaqueObject) {
    return [value.global, ...value.args, ...value.entries.values(), ...value.items, value.state];
  }
  if (value instanceof Map) return [...value.values()];
  const items = value instanceof PickleTuple ? value.items : value;
  return Array.isArray(items) ? [...items] : [];
}

function metadataOf(path: readonly Dict[]): PlainValues {
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
