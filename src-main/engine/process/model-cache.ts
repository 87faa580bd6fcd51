// Keeps the last model that was used: its weights, its runtime and its compiled graphs, so that the next run starts at once.
import { stat } from "node:fs/promises";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { Machine } from "../../../src-shared/contract/workbench/runs.ts";
import { inputErrorFrom } from "../../files/read-input-file.ts";
import { stopIfCancelled } from "../methods/shared/cancellation.ts";
import type { SegmentationModel } from "../methods/shared/segmentation-model.ts";
import { createRuntime, type RuntimeRequest } from "../runtimes/create-runtime.ts";
import { ONNX_PROVIDERS } from "../runtimes/onnx/onnx-providers.ts";
import type { Runtime } from "../runtimes/runtime.ts";
import { modelOn, type ReadModel, readModel } from "./open-model.ts";

export interface ModelRequest {
  readonly path: string;
  readonly machine: Machine;
  /** In place of the checkpoint's; null: as stored. */
  readonly alpha: number | null;
}

export interface CachedModel {
  readonly model: SegmentationModel;
  readonly read: ReadModel;
  /** 0 where it was there already. */
  readonly loadMs: number;
}

interface Kept<T> {
  readonly key: string;
  readonly value: T;
}

/** One model at a time, for one run at a time. */
export class ModelCache {
  #read: Kept<ReadModel> | undefined;
  #runtime: Kept<Runtime> | undefined;
  #model: Kept<SegmentationModel> | undefined;

  /**
   * The model of a checkpoint file as it is now: a file that changed is read again. What was kept of another one is given
   * up first, so that two never share the memory.
   *
   * @throws AppError `checkpoint.*`, `input.*`, `runtime.unavailable`
   * @throws CancelledError; what was read by then is kept
   */
  async get({ path, machine, alpha }: ModelRequest, signal?: AbortSignal): Promise<CachedModel> {
    const started = performance.now();
    const fileKey = `${path} ${await stateOf(path)}`;
    const machineKey = JSON.stringify(machine);
    const key = `${fileKey} ${machineKey} ${alpha}`;
    if (this.#model?.key === key && this.#read !== undefined) {
      return { model: this.#model.value, read: this.#read.value, loadMs: 0 };
    }
    await this.#dropModel();
    if (this.#runtime?.key !== machineKey) {
      await this.#dropRuntime();
      this.#runtime = { key: machineKey, value: await createRuntime(runtimeRequest(machine)) };
    }
    stopIfCancelled(signal);
    if (this.#read?.key !== fileKey) {
      this.#read = undefined;
      this.#read = { key: fileKey, value: await readModel(path) };
    }
    stopIfCancelled(signal);
    const { value: read } = this.#read;
    const model = modelOn(this.#runtime.value, read, alpha ?? undefined);
    this.#model = { key, value: model };
    return { model, read, loadMs: performance.now() - started };
  }

  /** Gives everything up. */
  async clear(): Promise<void> {
    await this.#dropModel();
    await this.#dropRuntime();
    this.#read = undefined;
  }

  async #dropModel(): Promise<void> {
    const model = this.#model?.value;
    this.#model = undefined;
    await model?.dispose();
  }

  async #dropRuntime(): Promise<void> {
    const runtime = this.#runtime?.value;
    this.#runtime = undefined;
    await runtime?.dispose();
  }
}

async function stateOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    throw inputErrorFrom(path, error);
  }
}

/** @throws AppError `runtime.unavailable` */
export function runtimeRequest({ runtime, provider, threads }: Machine): RuntimeRequest {
  const known = (["auto", ...ONNX_PROVIDERS] as const).find((name) => name === provider);
  if (known !== undefined) return { runtime, provider: known, threads: threads ?? undefined };
  throw new AppError(
    "runtime.unavailable",
    `There is no provider "${provider}"; choose auto or one of ${ONNX_PROVIDERS.join(", ")}.`,
  );
}
