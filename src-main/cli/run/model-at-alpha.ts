// One checkpoint on one runtime, with whatever alpha is asked for.
import type { SegmentationModel } from "../../engine/methods/shared/segmentation-model.ts";
import { modelOn, type ReadModel } from "../../engine/process/open-model.ts";
import { createRuntime } from "../../engine/runtimes/create-runtime.ts";
import type { Runtime, RuntimeDescription } from "../../engine/runtimes/runtime.ts";
import type { ModelFlags } from "../open-model.ts";

export class ModelAtAlpha {
  readonly #read: ReadModel;
  readonly #runtime: Runtime;
  #model: { readonly alpha: number | null; readonly value: SegmentationModel } | undefined;

  private constructor(read: ReadModel, runtime: Runtime) {
    this.#read = read;
    this.#runtime = runtime;
  }

  /** @throws AppError `runtime.unavailable` */
  static async open(
    read: ReadModel,
    { runtime, provider, threads }: Pick<ModelFlags, "runtime" | "provider" | "threads">,
  ): Promise<ModelAtAlpha> {
    return new ModelAtAlpha(read, await createRuntime({ runtime, provider, threads }));
  }

  /** One model at a time, because two would share the memory: the one before is given up. @param alpha  null: as stored */
  async at(alpha: number | null): Promise<SegmentationModel> {
    if (this.#model?.alpha === alpha) return this.#model.value;
    await this.#model?.value.dispose();
    this.#model = undefined;
    const value = modelOn(this.#runtime, this.#read, alpha ?? undefined);
    this.#model = { alpha, value };
    return value;
  }

  get runtime(): RuntimeDescription {
    return this.#runtime.description;
  }

  async dispose(): Promise<void> {
    await this.#model?.value.dispose();
    await this.#runtime.dispose();
  }
}
