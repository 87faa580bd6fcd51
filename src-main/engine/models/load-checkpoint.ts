// Opens a checkpoint of any format read here, told apart by its first bytes, never by its extension.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { WeightsChoice } from "../../../src-shared/contract/results.ts";
import { quoted, wrongFormat } from "../checkpoints/checkpoint-error.ts";
import { fileOf, huggingFaceClasses, inTrainIdOrder } from "../checkpoints/hugging-face-classes.ts";
import { fromMmsegMit, isMmsegMit } from "../checkpoints/mmseg-names.ts";
import { type CheckpointFile, readCheckpointFile } from "../checkpoints/read-file.ts";
import { looksLikeSafetensors, parseSafetensors } from "../checkpoints/safetensors/read-safetensors.ts";
import {
  fromHuggingFaceSegformer,
  fromReleasedSegformer,
  isHuggingFaceSegformer,
  isReleasedSegformer,
} from "../checkpoints/segformer-names.ts";
import type { StateDict } from "../checkpoints/state-dict.ts";
import { hasOptimizer } from "../checkpoints/torch/find-optimizer.ts";
import { readTorch } from "../checkpoints/torch/read-torch.ts";
import { stateDictFromArchive } from "../checkpoints/torch/state-dict-from-archive.ts";
import { type TrainingNetworks, trainingNetworks } from "../checkpoints/training-networks.ts";

export type CheckpointFormat = "torch-zip" | "torch-legacy" | "safetensors";

export interface Checkpoint {
  readonly path: string;
  readonly format: CheckpointFormat;
  /** Of the whole file, lower-case hex. */
  readonly sha256: string;
  /** Of the whole file. */
  readonly sizeBytes: number;
  /**
   * Names without `module.`, which wrapped networks put before every one. Of a training's snapshot with student and teacher
   * the network that was asked for, by its own names.
   */
  readonly stateDict: StateDict;
  /** Whose names for SegFormer's parts the file has, where they are not ours: `stateDict` has ours. null otherwise. */
  readonly namedBy: SegformerNaming | null;
  /** null where the file is no such snapshot. */
  readonly snapshot: SnapshotSummary | null;
  /** Plain values beside the weights of a training checkpoint (epoch, best score), or safetensors' `__metadata__`. */
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

export type SegformerNaming = "Hugging Face" | "NVIDIA" | "mmsegmentation";

/** What a snapshot of a training holds. */
export interface SnapshotSummary {
  readonly method: TrainingNetworks["method"];
  /** The network that was read. */
  readonly weights: WeightsChoice;
  readonly hasTeacher: boolean;
  readonly hasOptimizer: boolean;
}

/**
 * Reads a PyTorch (.pth, .bin, zip or legacy) or safetensors checkpoint as data; nothing in it is executed. Of a SegFormer that
 * Hugging Face's library wrote, the names of classes are read from the config.json beside it; its folder stands for the file.
 *
 * @param weights  which network of a training's snapshot; the student, as its original evaluates it, if not given
 * @throws AppError `input.missing`, `input.unreadable`, `checkpoint.format`, `checkpoint.damaged`, `checkpoint.hostile`;
 *         `input.option` when the network that is asked for is not in the file
 */
export async function loadCheckpoint(path: string, weights?: WeightsChoice): Promise<Checkpoint> {
  const file = await fileOf(path);
  const checkpoint = parseCheckpoint(await readCheckpointFile(file), weights);
  if (checkpoint.namedBy !== "Hugging Face" || !isNetwork(checkpoint.stateDict)) return checkpoint;
  return {
    ...checkpoint,
    stateDict: inTrainIdOrder(file, checkpoint.stateDict, await huggingFaceClasses(file)),
  };
}

/** Whether there is a head that gives classes of pixels. */
function isNetwork(stateDict: StateDict): boolean {
  return [...stateDict.keys()].some((key) => key.startsWith("decode_head."));
}

/** The same for a file that has been read. Takes over `file.bytes`: tensors become views of it. */
export function parseCheckpoint(file: CheckpointFile, weights?: WeightsChoice): Checkpoint {
  const { format, stateDict: stored, metadata, hasOptimizer } = parse(file);
  const all = withoutModule(stored);
  const networks = trainingNetworks(all);
  const { stateDict, namedBy } = byOurNames(file.name, chosenNetwork(file.name, all, networks, weights));
  return {
    path: file.path,
    format,
    sha256: file.sha256,
    sizeBytes: file.bytes.length,
    stateDict: detachedFromLargeFile(stateDict, file.bytes),
    namedBy,
    snapshot: networks === null ? null : snapshotSummary(networks, weights ?? "student", hasOptimizer),
    metadata,
  };
}

function snapshotSummary(
  { method, teacher }: TrainingNetworks,
  weights: WeightsChoice,
  hasOptimizer: boolean,
): SnapshotSummary {
  return { method, weights, hasTeacher: teacher !== null, hasOptimizer };
}

function byOurNames(name: string, stateDict: StateDict): Pick<Checkpoint, "stateDict" | "namedBy"> {
  if (isHuggingFaceSegformer(stateDict)) {
    return { stateDict: fromHuggingFaceSegformer(name, stateDict), namedBy: "Hugging Face" };
  }
  if (isReleasedSegformer(stateDict)) return { stateDict: fromReleasedSegformer(stateDict), namedBy: "NVIDIA" };
  if (isMmsegMit(stateDict)) return { stateDict: fromMmsegMit(name, stateDict), namedBy: "mmsegmentation" };
  return { stateDict, namedBy: null };
}

function chosenNetwork(
  name: string,
  stateDict: StateDict,
  networks: TrainingNetworks | null,
  weights: WeightsChoice | undefined,
): StateDict {
  const network = networks === null ? null : networks[weights ?? "student"];
  if (network !== null) return network;
  if (weights === undefined) return stateDict;
  const what = networks === null ? "is no snapshot of a training with student and teacher" : "holds no teacher";
  throw new AppError("input.option", `${quoted(name)} ${what}; leave --weights ${weights} out.`);
}

interface Parsed extends Pick<Checkpoint, "format" | "stateDict" | "metadata"> {
  readonly hasOptimizer: boolean;
}

function parse(file: CheckpointFile): Parsed {
  const { name, bytes } = file;
  if (looksLikeSafetensors(bytes)) {
    const { tensors, metadata } = parseSafetensors(file);
    if (tensors.size === 0) throw wrongFormat(name, "holds no tensors; save the network's state dict.");
    return { format: "safetensors", stateDict: tensors, metadata, hasOptimizer: false };
  }
  const torch = readTorch(file);
  if (torch === null) throw wrongFormat(name, strangerDescription(bytes));
  const { format, archive } = torch;
  return { format, ...stateDictFromArchive(name, bytes.length, archive), hasOptimizer: hasOptimizer(archive.root) };
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
  return "is neither a PyTorch checkpoint (.pth) nor a safetensors file; choose another file.";
}

const WRAPPER = "module";

/** Wrappers of wrappers put it between the others, too. */
export function withoutModule(stateDict: StateDict): StateDict {
  const names = [...stateDict.keys()];
  if (!names.every((name) => name.startsWith(`${WRAPPER}.`))) return stateDict;
  const bare = (name: string): string => {
    const parts = name.split(".").filter((part) => part !== WRAPPER);
    return parts.join(".");
  };
  return new Map([...stateDict].map(([name, tensor]) => [bare(name), tensor]));
}

/** A view keeps the whole file in memory. Where most of it is not weights (optimizer state), they are copied out. */
function detachedFromLargeFile(stateDict: StateDict, fileBytes: Uint8Array): StateDict {
  const usedBytes = [...stateDict.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  if (usedBytes > fileBytes.length / 2) return stateDict;
  return new Map([...stateDict].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]));
}
