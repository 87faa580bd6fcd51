// The variants of source-trained weights: one for each alpha of the grid.
import { atAlpha } from "../../checkpoints/at-alpha.ts";
import type { StateDict } from "../../checkpoints/state-dict.ts";
import type { DeviceTensor, NamedTensors } from "../../runtimes/runtime.ts";
import type { EvaluatedVariant } from "../../training/training-method.ts";
import type { SegmentationModel } from "../shared/segmentation-model.ts";

export interface AlphaVariantsOptions {
  readonly model: SegmentationModel;
  /** Of the grid. */
  readonly alphas: readonly number[];
  /** Of weights that no validation has chosen one for. */
  readonly initial: number;
  /** As they are now. */
  readonly weights: () => NamedTensors;
  readonly checkpoint: () => Promise<StateDict>;
}

export class AlphaVariants {
  readonly #options: AlphaVariantsOptions;
  readonly #scalars = new Map<number, DeviceTensor>();

  constructor(options: AlphaVariantsOptions) {
    this.#options = options;
  }

  grid(): EvaluatedVariant[] {
    return this.#options.alphas.map((alpha) => this.#variant(alpha));
  }

  initial(): EvaluatedVariant {
    return this.#variant(this.#options.initial);
  }

  dispose(): void {
    for (const tensor of this.#scalars.values()) tensor.dispose();
  }

  #variant(alpha: number): EvaluatedVariant {
    const { model, weights, checkpoint } = this.#options;
    const scalar = this.#scalars.get(alpha) ?? model.runtime.upload(Float32Array.of(alpha), []);
    this.#scalars.set(alpha, scalar);
    return {
      name: "alpha",
      value: alpha,
      isCandidate: true,
      model,
      weights: new Map([...weights()].map(([key, tensor]) => [key, key.endsWith(".alpha") ? scalar : tensor])),
      stateDict: async () => atAlpha(await checkpoint(), alpha),
    };
  }
}
