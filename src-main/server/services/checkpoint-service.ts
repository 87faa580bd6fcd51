// Checkpoints: opened by path, read once in the background, remembered with what was found in them.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type {
  ArchitectureDescription,
  Checkpoint,
  CheckpointKey,
  NetworkSize,
  TensorChange,
  TensorStatistics,
} from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { WorkbenchEvent } from "../../../src-shared/contract/workbench/events.ts";
import type { CheckpointId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Jobs } from "../../jobs/open-jobs.ts";
import { sampleCheckpointPath } from "../../jobs/sample-files.ts";
import type { CheckpointStore } from "../../workspace/checkpoint-store.ts";
import { newId } from "../../workspace/new-id.ts";
import type { CheckpointService } from "../services.ts";
import { networkSource } from "./network-source.ts";

export interface CheckpointParts {
  readonly checkpoints: CheckpointStore;
  readonly background: Pick<Jobs["background"], "request">;
  readonly publish: (event: WorkbenchEvent) => void;
  /** Of the built-in sample. */
  readonly samplePath?: string;
}

export class Checkpoints implements CheckpointService {
  readonly #parts: CheckpointParts;
  readonly #samplePath: string;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
    this.#samplePath = parts.samplePath ?? sampleCheckpointPath();
  }

  /** Whether each file is still there is looked up anew. */
  async list(): Promise<Checkpoint[]> {
    return this.#parts.checkpoints.list().map((checkpoint) => this.#withAvailability(checkpoint));
  }

  async open(path: string, name?: string): Promise<Checkpoint> {
    return this.#open(resolve(path), false, name);
  }

  /** The built-in one, so that one click adapts an image; read at the first start, and when another version has another. */
  async openSampleCheckpoint(): Promise<Checkpoint> {
    const known = this.#parts.checkpoints.findByPath(this.#samplePath);
    if (known === undefined) return this.#open(this.#samplePath, true);
    const sha256 = await sha256Of(this.#samplePath);
    if (sha256 === null || sha256 === known.sha256) return known;
    return this.#open(this.#samplePath, true);
  }

  async remove(id: CheckpointId): Promise<void> {
    this.#parts.checkpoints.remove(id);
    this.#parts.publish({ type: "checkpointRemoved", checkpointId: id });
  }

  async keys(id: CheckpointId): Promise<CheckpointKey[]> {
    return this.#parts.checkpoints.keys(id);
  }

  async statistics(id: CheckpointId): Promise<TensorStatistics[]> {
    const { checkpoints, background } = this.#parts;
    return background.request("checkpointStatistics", { path: checkpoints.get(id).path });
  }

  async changes(from: CheckpointId, to: CheckpointId): Promise<TensorChange[]> {
    const { checkpoints, background } = this.#parts;
    const paths = { from: checkpoints.get(from).path, to: checkpoints.get(to).path };
    return background.request("checkpointChanges", paths);
  }

  async architecture(id: CheckpointId, size: NetworkSize): Promise<ArchitectureDescription> {
    const { checkpoints, background } = this.#parts;
    const network = networkSource(checkpoints.get(id), checkpoints.keys(id));
    return background.request("describeArchitecture", { network, size });
  }

  /** A file that was opened before keeps its id. */
  async #open(path: string, isSample: boolean, given?: string): Promise<Checkpoint> {
    const { checkpoints, background, publish } = this.#parts;
    const { checkpoint: found, keys } = await background.request("inspectCheckpoint", { path });
    const known = checkpoints.findByPath(path);
    const isBuiltIn = isSample || known?.isSample === true;
    const checkpoint: Checkpoint = {
      ...found,
      id: known?.id ?? newId<CheckpointId>(),
      name: isBuiltIn ? "Sample: trained on clear days" : (given ?? known?.name ?? basename(path)),
      isSample: isBuiltIn,
      isAvailable: true,
    };
    checkpoints.save(checkpoint, keys);
    publish({ type: "checkpointChanged", checkpoint });
    return checkpoint;
  }

  #withAvailability(checkpoint: Checkpoint): Checkpoint {
    const isAvailable = existsSync(checkpoint.path);
    if (isAvailable === checkpoint.isAvailable) return checkpoint;
    const changed = this.#parts.checkpoints.setAvailable(checkpoint.id, isAvailable);
    this.#parts.publish({ type: "checkpointChanged", checkpoint: changed });
    return changed;
  }
}

/** Of the whole file, some megabytes; null where it is not there. */
async function sha256Of(path: string): Promise<string | null> {
  try {
    return createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  } catch {
    return null;
  }
}
