// Finds the networks in a file's named tensors by what fits a known architecture, whatever stands before their names.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { fromMmsegMit, isMmsegMit } from "../checkpoints/mmseg-names.ts";
import {
  fromHuggingFaceSegformer,
  fromReleasedSegformer,
  isHuggingFaceSegformer,
  isReleasedSegformer,
} from "../checkpoints/segformer-names.ts";
import type { StateDict, StateTensor } from "../checkpoints/state-dict.ts";
import type { Architecture } from "./architecture.ts";
import { detectArchitecture, FAMILY_KEYS } from "./detect-architecture.ts";
import { type KeyProblem, keyProblems } from "./match-state-dict.ts";

/** A dict of tensors as the file has it. */
export interface NamedTensors {
  /** The keys that lead to it. */
  readonly path: readonly string[];
  readonly stateDict: StateDict;
}

export interface FoundNetwork {
  /** What stands before its names in the file, "" or ending with a dot; wrappers of processes and compilers left out. */
  readonly prefix: string;
  /** By the architecture's names; what is no part of it is left out where it fits. */
  readonly stateDict: StateDict;
  readonly namedBy: SegformerNaming | null;
  /** null where the keys begin like a known network's and go on otherwise. */
  readonly architecture: Architecture | null;
  readonly problems: readonly KeyProblem[];
  /** Which of the dicts most of it is in. */
  readonly dict: number;
  /** Names, as the file has them, of tensors beside it that belong to no network: of metrics, losses, auxiliary heads. */
  readonly unused: readonly string[];
}

export type SegformerNaming = "Hugging Face" | "NVIDIA" | "mmsegmentation";

/** Keys that only a network named by others has, besides those of `FAMILY_KEYS`. */
const OTHERS_KEYS: readonly (readonly string[])[] = [
  ["segformer.encoder.patch_embeddings.0.proj.weight"],
  ["segformer.stages.0.patch_embeddings.proj.weight"],
  ["backbone.layers.0.0.projection.weight"],
];

/** What wrappers for several processes, compilers and memory savers put between names, wherever they are applied. */
const WRAPPERS: readonly string[] = ["module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"];

/** Some originals keep the network in a `model` of their own; files of the inner one alone lack that name. */
const OWN_PREFIX = "model.";

/** Whole ones first, in the file's order. @param source  for messages */
export function findNetworks(dicts: readonly NamedTensors[], source: string): FoundNetwork[] {
  const tensors = allTensors(dicts);
  const places = placesOf([...tensors.keys()]);
  const networks = places.map((place) => networkAt(place, places, tensors, source));
  return networks.toSorted((a, b) => Number(isWhole(b)) - Number(isWhole(a)));
}

/** Whether all its weights are there. */
export function isWhole({ architecture, problems }: FoundNetwork): boolean {
  return architecture !== null && problems.length === 0;
}

interface Place {
  readonly prefix: string;
  /** What the architecture's names have before those in the file. */
  readonly lost: string;
}

interface FileTensor {
  readonly tensor: StateTensor;
  /** As the file has it. */
  readonly name: string;
  /** Which dict it is in. */
  readonly dict: number;
}

/** By the keys on the way to each, joined by dots, without wrappers. */
function allTensors(dicts: readonly NamedTensors[]): Map<string, FileTensor> {
  const all = new Map<string, FileTensor>();
  for (const [dict, { path, stateDict }] of dicts.entries()) {
    for (const [key, tensor] of stateDict) {
      const name = [...path, key].join(".");
      const bare = withoutWrappers(name);
      // Where a wrapper is what tells two networks apart, it stays.
      const free = all.has(bare) ? name : bare;
      if (!all.has(free)) all.set(free, { tensor, name, dict });
    }
  }
  return all;
}

/** The name without what wrappers put into it. */
export function withoutWrappers(name: string): string {
  if (!WRAPPERS.some((wrapper) => name.includes(wrapper))) return name;
  const parts = name.split(".");
  return parts.filter((part) => !WRAPPERS.includes(part)).join(".");
}

function placesOf(names: readonly string[]): Place[] {
  const isThere = new Set(names);
  const places = new Map<string, Place>();
  const add = (keys: readonly string[], lost: string): void => {
    const telling = keys.at(-1) ?? "";
    for (const name of names) {
      if (!name.endsWith(telling)) continue;
      const prefix = name.slice(0, -telling.length);
      if (prefix !== "" && !prefix.endsWith(".")) continue;
      // DA-SAC's DeepLabv2 is AdaptSegNet's behind its own prefix: what is found with it is not found again without.
      const isFoundWithIt = prefix.endsWith(OWN_PREFIX) && places.has(prefix.slice(0, -OWN_PREFIX.length));
      if (isFoundWithIt) continue;
      if (keys.every((key) => isThere.has(prefix + key)) && !places.has(prefix)) places.set(prefix, { prefix, lost });
    }
  };
  for (const keys of [...FAMILY_KEYS, ...OTHERS_KEYS]) add(keys, "");
  for (const keys of FAMILY_KEYS) {
    if (!keys.every((key) => key.startsWith(OWN_PREFIX))) continue;
    const inner = keys.map((key) => key.slice(OWN_PREFIX.length));
    add(inner, OWN_PREFIX);
  }
  return [...places.values()];
}

function networkAt(
  { prefix, lost }: Place,
  places: readonly Place[],
  tensors: ReadonlyMap<string, FileTensor>,
  source: string,
): FoundNetwork {
  const deeper = places.filter((other) => other.prefix.length > prefix.length && other.prefix.startsWith(prefix));
  const isOther = (name: string): boolean => deeper.some((other) => name.startsWith(other.prefix));
  const own = [...tensors].filter(([name]) => name.startsWith(prefix) && !isOther(name));
  const given: StateDict = new Map(own.map(([name, { tensor }]) => [lost + name.slice(prefix.length), tensor]));
  const read = recognised(given, source);
  if (read.architecture === null) return { prefix, ...read, problems: [], dict: own[0]?.[1].dict ?? 0, unused: [] };

  const { architecture } = read;
  const strangers = new Set(outsideOf(architecture, read.stateDict));
  const parts = new Map([...read.stateDict].filter(([key]) => !strangers.has(key)));
  const stateDict = withCounters(parts, architecture);
  const problems = keyProblems(stateDict, architecture);
  const dicts = new Set(
    own.filter(([name]) => parts.has(lost + name.slice(prefix.length))).map(([, { dict }]) => dict),
  );
  const beside = [...tensors].filter(
    ([name, { dict }]) => dicts.has(dict) && !places.some((place) => name.startsWith(place.prefix)),
  );
  const inside = own.filter(([name]) => strangers.has(lost + name.slice(prefix.length)));
  return {
    prefix,
    stateDict,
    namedBy: read.namedBy,
    architecture,
    problems,
    dict: [...dicts][0] ?? 0,
    unused: [...inside, ...beside].map(([, { name }]) => name),
  };
}

type Recognised = Pick<FoundNetwork, "stateDict" | "namedBy" | "architecture">;

function recognised(given: StateDict, source: string): Recognised {
  const named = orNull(() => byOurNames(source, given)) ?? { stateDict: given, namedBy: null };
  return { ...named, architecture: orNull(() => detectArchitecture(named.stateDict, source)) };
}

/** What is wrong with a network is said when nothing else in the file fits. */
function orNull<T>(attempt: () => T): T | null {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/**
 * Names of SegFormer's parts that are others', put into ours.
 *
 * @throws AppError `checkpoint.format` for keys that are none of theirs
 */
export function byOurNames(source: string, stateDict: StateDict): Pick<FoundNetwork, "stateDict" | "namedBy"> {
  if (isHuggingFaceSegformer(stateDict)) {
    return { stateDict: fromHuggingFaceSegformer(source, stateDict), namedBy: "Hugging Face" };
  }
  if (isReleasedSegformer(stateDict)) return { stateDict: fromReleasedSegformer(stateDict), namedBy: "NVIDIA" };
  if (isMmsegMit(stateDict)) return { stateDict: fromMmsegMit(source, stateDict), namedBy: "mmsegmentation" };
  return { stateDict, namedBy: null };
}

/**
 * The keys that lie beside all parts of the network. A stranger among the layers of a part, such as an attention of somebody's
 * own, changes what the network computes, and is none of these.
 */
function outsideOf({ keys }: Architecture, stateDict: StateDict): string[] {
  const modules = new Set<string>();
  for (const key of keys.keys()) for (const module of ancestorsOf(key)) modules.add(module);
  const [first = ""] = keys.keys();
  const root = ancestorsOf(first).findLast((module) => [...keys.keys()].every((key) => key.startsWith(module))) ?? "";
  return [...stateDict.keys()].filter((key) => {
    if (keys.has(key)) return false;
    return (ancestorsOf(key).findLast((module) => modules.has(module)) ?? "").length <= root.length;
  });
}

/** "a.b.weight" lies in "a." and "a.b.", outermost first. */
function ancestorsOf(key: string): string[] {
  const dots = [...key].flatMap((character, place) => (character === "." ? [place] : []));
  return dots.map((place) => key.slice(0, place + 1));
}

const COUNTER = ".num_batches_tracked";

/** Nothing that a network computes needs the counts of batches: PyTorch's own loading does without, too. */
function withCounters(stateDict: StateDict, { keys }: Architecture): StateDict {
  const missing = [...keys.keys()].filter((key) => key.endsWith(COUNTER) && !stateDict.has(key));
  const zero = (): StateTensor => ({ dtype: "int64", shape: [], data: BigInt64Array.of(0n) });
  return missing.length === 0 ? stateDict : new Map([...stateDict, ...missing.map((key) => [key, zero()] as const)]);
}
