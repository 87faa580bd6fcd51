// Opens a checkpoint of any format read here, told apart by its first bytes, never by its extension.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { WeightsChoice } from "../../../src-shared/contract/results.ts";
import { quoted } from "../checkpoints/checkpoint-error.ts";
import { type CheckpointFormat, type FileContent, fileContent } from "../checkpoints/file-content.ts";
import { fileOf, huggingFaceClasses, inTrainIdOrder, namedClasses } from "../checkpoints/hugging-face-classes.ts";
import { looksLikeOnnx, readOnnx } from "../checkpoints/onnx/read-onnx.ts";
import { type CheckpointFile, readCheckpointFile } from "../checkpoints/read-file.ts";
import type { StateDict } from "../checkpoints/state-dict.ts";
import type { FoundClasses } from "../checkpoints/torch/find-classes.ts";
import type { PlainValues } from "../checkpoints/torch/find-state-dict.ts";
import { read as readTensors } from "../checkpoints/torch/state-dict-from-archive.ts";
import { type TrainingNetworks, trainingNetworks } from "../checkpoints/training-networks.ts";
import type { Architecture } from "./architecture.ts";
import { chosenNetwork, type NetworkNames } from "./choose-network.ts";
import { byOurNames, type FoundNetwork, findNetworks, type SegformerNaming, withoutWrappers } from "./find-networks.ts";
import { importNotes } from "./onnx/import-notes.ts";
import { importNetwork } from "./onnx/imported-network.ts";
import { inputFormOf } from "./onnx/kept-input-form.ts";

export interface Checkpoint {
  readonly path: string;
  readonly format: CheckpointFormat;
  /** Of the whole file, lower-case hex. */
  readonly sha256: string;
  /** Of the whole file. */
  readonly sizeBytes: number;
  /**
   * Of the network that was asked for, by its architecture's names: without what wrappers put before them, and without what
   * is no part of it. Where no known network fits, the largest dict of tensors, as it is but for `module.`.
   */
  readonly stateDict: StateDict;
  /** The network as the file itself describes it, node by node; null where only the keys say what it is. */
  readonly described: DescribedNetwork | null;
  /** The optimizer's, by the key of its parameter, where a checkpoint of our own has it beside the weights; else empty. */
  readonly momentum: StateDict;
  /** Whose names for SegFormer's parts the file has, where they are not ours: `stateDict` has ours. null otherwise. */
  readonly namedBy: SegformerNaming | null;
  /** null where the file is no such snapshot. */
  readonly snapshot: SnapshotSummary | null;
  /** What the networks in the file are called, where there are several that could be read, and which one was; null otherwise. */
  readonly networks: NetworkNames | null;
  /** Names of tensors beside the network that belong to none: of metrics, losses, auxiliary heads. */
  readonly unused: readonly string[];
  /** Classes and functions of the file that are not read, and how many objects of each were passed over. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Lists of classes' names in the file or its config.json, the likeliest first. */
  readonly classes: readonly FoundClasses[];
  /** Plain values beside the weights of a training checkpoint (epoch, best score), or safetensors' `__metadata__`. */
  readonly metadata: PlainValues;
}

/** A network from a file that says node by node what it is. */
export interface DescribedNetwork {
  readonly architecture: Architecture;
  /** What is to be known of how it was read, in sentences. */
  readonly notes: readonly string[];
}

/** What a snapshot of a training holds. */
export interface SnapshotSummary {
  readonly method: TrainingNetworks["method"];
  /** The network that was read. */
  readonly weights: "student" | "teacher";
  readonly hasTeacher: boolean;
  readonly hasOptimizer: boolean;
}

/**
 * Reads a PyTorch (.pth, .bin, zip or legacy) or safetensors checkpoint as data; nothing in it is executed. Of a SegFormer that
 * Hugging Face's library wrote, the names of classes are read from the config.json beside it; its folder stands for the file.
 *
 * @param weights  which network where there are several: by its name, or student or teacher. Without, the student, as its
 *                 original evaluates it; the one that is no moving average
 * @throws AppError `input.missing`, `input.unreadable`, `checkpoint.format`, `checkpoint.damaged`, `checkpoint.hostile`;
 *         `input.option` when the network that is asked for is not in the file
 */
export async function loadCheckpoint(path: string, weights?: WeightsChoice): Promise<Checkpoint> {
  const file = await fileOf(path);
  const read = await readCheckpointFile(file);
  if (looksLikeOnnx(read.bytes)) return importedCheckpoint(read);
  const checkpoint = parseCheckpoint(read, weights);
  if (checkpoint.namedBy !== "Hugging Face" || !isNetwork(checkpoint.stateDict)) return checkpoint;
  const names = await huggingFaceClasses(file);
  const stateDict = inTrainIdOrder(checkpoint.stateDict, names);
  return stateDict === null ? { ...checkpoint, classes: namedClasses(names) } : { ...checkpoint, stateDict };
}

/** A network that an ONNX file describes. */
async function importedCheckpoint(file: CheckpointFile): Promise<Checkpoint> {
  const model = await readOnnx(file);
  const { form, isStated } = await inputFormOf(file.path, model);
  const { architecture, stateDict } = importNetwork(model, file.name, form);
  return {
    path: file.path,
    format: "onnx",
    sha256: file.sha256,
    sizeBytes: file.bytes.length,
    stateDict,
    described: { architecture, notes: importNotes(architecture, isStated) },
    namedBy: null,
    ...ALONE,
    momentum: new Map(),
    skipped: new Map(),
    classes: [],
    metadata: model.metadata,
  };
}

/** Whether there is a head that gives classes of pixels. */
function isNetwork(stateDict: StateDict): boolean {
  return [...stateDict.keys()].some((key) => key.startsWith("decode_head."));
}

/** The same for a file that has been read. Takes over `file.bytes`: tensors become views of it. */
export function parseCheckpoint(file: CheckpointFile, weights?: WeightsChoice): Checkpoint {
  const content = fileContent(file);
  const { stateDict, ...chosen } =
    snapshotNetwork(file.name, content, weights) ??
    knownNetwork(file.name, content, weights) ??
    unknownNetwork(file.name, content);
  return {
    path: file.path,
    format: content.format,
    sha256: file.sha256,
    sizeBytes: file.bytes.length,
    ...chosen,
    described: null,
    stateDict: detachedFromLargeFile(readTensors(stateDict), file.bytes),
    momentum: content.momentum,
    skipped: content.skipped,
    classes: content.classes,
  };
}

type ChosenWeights = Pick<Checkpoint, "stateDict" | "namedBy" | "snapshot" | "networks" | "unused" | "metadata">;
const ALONE = { snapshot: null, networks: null, unused: [] };

/** Of a training with student and teacher whose form is known; null for any other file. */
function snapshotNetwork(
  name: string,
  { largest, hasOptimizer }: FileContent,
  weights: WeightsChoice | undefined,
): ChosenWeights | null {
  const training = trainingNetworks(withoutModule(largest.stateDict));
  if (training === null) return null;
  const { method, student, teacher } = training;
  const hasTeacher = teacher !== null;
  const role = weights === "teacher" ? "teacher" : "student";
  const network = role === "teacher" ? teacher : student;
  if (network === null)
    throw new AppError("input.option", `${quoted(name)} holds no teacher; leave --weights teacher out.`);
  if (weights !== undefined && weights !== role) {
    const known = hasTeacher ? "student or teacher" : "student";
    throw new AppError("input.option", `${quoted(name)} holds no network "${weights}"; choose --weights ${known}.`);
  }
  const snapshot = { method, weights: role, hasTeacher, hasOptimizer } as const;
  return { ...ALONE, ...byOurNames(name, network), snapshot, metadata: largest.metadata };
}

/** By what fits a known architecture; null where nothing does. */
function knownNetwork(name: string, content: FileContent, weights: WeightsChoice | undefined): ChosenWeights | null {
  const networks = findNetworks(content.dicts, name).filter(({ architecture }) => architecture !== null);
  if (networks.length === 0) return null;
  const { network, names } = chosenNetwork(name, networks, weights);
  requireNoPlaceholders(content, network);
  const metadata = content.dicts[network.dict]?.metadata ?? {};
  const { stateDict, namedBy, unused } = network;
  return { stateDict, namedBy, snapshot: null, networks: names, unused, metadata };
}

/** A weight of a class that is not read is no weight. @throws AppError `checkpoint.hostile` */
function requireNoPlaceholders({ opaque, refusal }: FileContent, { prefix, problems }: FoundNetwork): void {
  if (opaque.size === 0) return;
  const missing = problems.filter(({ kind }) => kind === "missing");
  for (const [place, global] of opaque) {
    const bare = withoutWrappers(place);
    if (missing.some(({ key }) => bare.startsWith(prefix) && key.endsWith(bare.slice(prefix.length))))
      throw refusal(global);
  }
}

/** What is in the file where no known network is: whatever asks for one can say which it would have liked. */
function unknownNetwork(name: string, { holder, refusal, dicts, largest }: FileContent): ChosenWeights {
  if (holder !== null) throw refusal(holder);
  const [alike] = findNetworks(dicts, name);
  const { stateDict, namedBy } = alike ?? byOurNames(name, withoutModule(largest.stateDict));
  return { ...ALONE, stateDict, namedBy, metadata: largest.metadata };
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
