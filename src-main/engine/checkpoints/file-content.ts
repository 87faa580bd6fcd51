// What is in a checkpoint file before anybody knows which network it is: dicts of named tensors, and what is not read.
import type { AppError } from "../../../src-shared/contract/errors.ts";
import { wrongFormat } from "./checkpoint-error.ts";
import { splitMomentum } from "./momentum.ts";
import type { OpaqueGlobal } from "./pickle/pickle-values.ts";
import type { CheckpointFile } from "./read-file.ts";
import { looksLikeSafetensors, parseSafetensors } from "./safetensors/read-safetensors.ts";
import type { StateDict } from "./state-dict.ts";
import { classesIn, type FoundClasses } from "./torch/find-classes.ts";
import { hasOptimizer } from "./torch/find-optimizer.ts";
import {
  heaviestOpaque,
  noNamedTensors,
  opaqueRefusal,
  type PlainValues,
  preferredDict,
  tensorDicts,
} from "./torch/find-state-dict.ts";
import { readTorch } from "./torch/read-torch.ts";
import { unreadTensors } from "./torch/state-dict-from-archive.ts";

export type CheckpointFormat = "torch-zip" | "torch-legacy" | "safetensors" | "onnx";

export interface ContentDict {
  /** The keys that lead to it. */
  readonly path: readonly string[];
  readonly stateDict: StateDict;
  /** Plain values in the dicts around it and in itself. */
  readonly metadata: PlainValues;
}

export interface FileContent {
  readonly format: CheckpointFormat;
  readonly dicts: readonly ContentDict[];
  /** The dict with the most tensors. */
  readonly largest: ContentDict;
  readonly hasOptimizer: boolean;
  /** Of a checkpoint of our own that has it beside the weights, by the key of its parameter; else empty. */
  readonly momentum: StateDict;
  /** Classes and functions that are not read, and how many objects of each were passed over. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Lists of classes' names in the file, beside the weights. */
  readonly classes: readonly FoundClasses[];
  /** By the keys on the way to each, joined by dots: what stands in the place of a tensor and is none. */
  readonly opaque: ReadonlyMap<string, OpaqueGlobal>;
  /** What holds more tensors than any dict, or stands for more: where no dict is a known network's, it is the cause. */
  readonly holder: OpaqueGlobal | null;
  refusal(cause: OpaqueGlobal): AppError;
}

/**
 * Values of tensors in a .pth are read when they are asked for. Takes over `file.bytes`.
 *
 * @throws AppError `checkpoint.format`, `checkpoint.damaged`; `checkpoint.hostile` where the weights hang on what is not read
 */
export function fileContent(file: CheckpointFile): FileContent {
  const { name, bytes } = file;
  if (looksLikeSafetensors(bytes)) return safetensorsContent(file);
  const torch = readTorch(file);
  if (torch === null) throw wrongFormat(name, strangerDescription(bytes));
  const { format, archive } = torch;
  const found = tensorDicts(archive.root);
  const unread = unreadTensors(name, bytes.length, archive);
  const dicts = found.map((dict) => ({ path: dict.path, stateDict: unread(dict), metadata: dict.metadata }));
  const preferred = preferredDict(found);
  const largest = dicts[preferred];
  const holder = heaviestOpaque(archive.root, found);
  if (largest === undefined) throw holder === null ? noNamedTensors(name) : opaqueRefusal(name, holder.global);
  return {
    format,
    dicts,
    largest,
    hasOptimizer: hasOptimizer(archive.root),
    momentum: new Map(),
    skipped: archive.opaque,
    classes: classesIn(archive.root),
    opaque: new Map(
      found.flatMap(({ path, opaque }) =>
        [...opaque].map(([key, { global }]): [string, OpaqueGlobal] => [[...path, key].join("."), global]),
      ),
    ),
    holder: holder !== null && holder.tensors > largest.stateDict.size ? holder.global : null,
    refusal: (cause) => opaqueRefusal(name, cause),
  };
}

function safetensorsContent(file: CheckpointFile): FileContent {
  const { tensors, metadata } = parseSafetensors(file);
  if (tensors.size === 0) throw wrongFormat(file.name, "holds no tensors; save the network's state dict.");
  const { stateDict, momentum } = splitMomentum(tensors);
  const largest = { path: [], stateDict, metadata };
  return {
    format: "safetensors",
    dicts: [largest],
    largest,
    hasOptimizer: momentum.size > 0,
    momentum,
    skipped: new Map(),
    classes: [],
    opaque: new Map(),
    holder: null,
    refusal: (cause) => opaqueRefusal(file.name, cause),
  };
}

/** What a file that is no checkpoint seems to be. */
function strangerDescription(bytes: Uint8Array): string {
  const beginning = Buffer.from(bytes.subarray(0, 512)).toString("latin1");
  if (/^(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|\?xml|!--)/i.test(beginning)) {
    return "looks like a web page, as a failed download leaves; download the checkpoint again.";
  }
  if (beginning.startsWith("version https://git-lfs")) {
    return "is a Git LFS pointer, not the checkpoint itself; fetch it with git lfs pull.";
  }
  if (beginning.slice(257, 262) === "ustar") {
    return "is a tar archive, as PyTorch before 0.1.10 wrote; save the state dict again with a newer PyTorch.";
  }
  return "is neither a PyTorch checkpoint (.pth) nor a safetensors or ONNX file; choose another file.";
}
