// The classes of a network that Hugging Face's library wrote, from the config.json beside it, and their order.
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { classOfName } from "../../../src-shared/labels/class-names.ts";
import { LABEL_SETS } from "../../../src-shared/labels/label-sets.ts";
import type { StateDict } from "./state-dict.ts";
import { reordered } from "./tensor-blocks.ts";
import type { FoundClasses } from "./torch/find-classes.ts";

const configSchema = z.object({ id2label: z.record(z.string().regex(/^\d+$/), z.string()) });

/** The library's names for a network's file, the newer one first. */
const NETWORK_FILES = ["model.safetensors", "pytorch_model.bin"];

/**
 * The file itself, or that of the network in the library's folder.
 *
 * @throws AppError `input.unreadable` for a folder without one
 */
export async function fileOf(path: string): Promise<string> {
  // What is no folder is read as a file, and what is wrong with it is said there.
  const names = await readdir(path).catch(() => null);
  if (names === null) return path;
  const file = NETWORK_FILES.find((name) => names.includes(name));
  if (file !== undefined) return join(path, file);
  throw new AppError(
    "input.unreadable",
    `"${basename(path)}" is a folder without ${NETWORK_FILES.join(" or ")}; choose the file of a checkpoint.`,
  );
}

/** What the library calls classes that nobody named. */
const UNNAMED = /^LABEL_\d+$/;

/** What the classifier's keys begin with, by our names. */
const CLASSIFIER = "decode_head.linear_pred.";

/**
 * Names of classes by their place in the network.
 *
 * @param path  of the network's file
 * @throws AppError `input.missing` without a config.json beside it, `input.unreadable` for one without class names
 */
export async function huggingFaceClasses(path: string): Promise<readonly string[]> {
  const text = await readFile(join(dirname(path), "config.json"), "utf8").catch((cause: unknown) => {
    throw new AppError(
      "input.missing",
      `"${basename(path)}" is a SegFormer as Hugging Face stores it, and the names of its classes stand in a config.json, ` +
        "which is not beside it; put that file into the same folder.",
      { cause },
    );
  });
  const names = parsedNames(text);
  if (names !== null) return names;
  throw new AppError(
    "input.unreadable",
    `The config.json beside "${basename(path)}" does not name its classes (id2label); take the one that came with the network.`,
  );
}

function parsedNames(text: string): string[] | null {
  try {
    const { id2label } = configSchema.parse(JSON.parse(text));
    const names = Object.keys(id2label).map((_, id) => id2label[id]);
    return names.every((name) => name !== undefined) ? names : null;
  } catch {
    return null;
  }
}

/**
 * The network with its classes in the order of train ids; null for other classes than a known number's, which stay in their
 * own order.
 *
 * @param names  by their place in the network
 */
export function inTrainIdOrder(stateDict: StateDict, names: readonly string[]): StateDict | null {
  const classes = LABEL_SETS.find(({ numClasses }) => numClasses === names.length)?.names;
  if (classes === undefined) return null;
  if (names.every((name) => UNNAMED.test(name))) return stateDict;
  const trainIds = names.map((name) => classOfName(name, classes));
  const order = classes.map((_, trainId) => trainIds.indexOf(trainId));
  if (order.includes(-1)) return null;
  if (order.every((place, trainId) => place === trainId)) return stateDict;
  return new Map(
    [...stateDict].map(([key, tensor]) => [key, key.startsWith(CLASSIFIER) ? reordered(tensor, order) : tensor]),
  );
}

/** None where nobody has named them. */
export function namedClasses(names: readonly string[]): FoundClasses[] {
  return names.every((name) => UNNAMED.test(name)) ? [] : [{ names, palette: null }];
}
