// Puts a run's networks on the runtime: new, given, or those of the run that goes on; and opens its method.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { TrainingConfig } from "../../../src-shared/contract/training/training-config.ts";
import { NetworkState } from "./network-state.ts";
import type { ImageCounts, SamplePlan, StepRunner, TrainingMethod } from "./training-method.ts";
import type { TrainingState } from "./training-store.ts";
import type { TrainingTask } from "./training-task.ts";

export interface OpenTraining {
  readonly images: ImageCounts;
  readonly plan: SamplePlan;
  readonly networks: NetworkState;
  readonly runner: StepRunner;
  readonly dispose: () => Promise<void>;
}

/** @throws AppError what the method refuses; `input.option` for images of a target that it needs, or has no use for; `checkpoint.format` for a state of other networks */
export async function openTraining<C extends TrainingConfig>(
  { runtime, method, config, data, given, targetShares, sourcePixels }: TrainingTask<C>,
  resumed?: TrainingState,
): Promise<OpenTraining> {
  if (method.hasTarget !== (data.target !== undefined)) throw wrongTarget(method);
  const images = { source: data.source.count, ...(data.target === undefined ? {} : { target: data.target.count }) };
  const plan = method.samples(config, {
    ...images,
    ...(targetShares === undefined ? {} : { targetShares }),
    ...(sourcePixels === undefined ? {} : { sourcePixels }),
  });
  const networks = new NetworkState(runtime, method.networks(config, given ?? null), resumed?.tensors);
  const { steps, stepsPerEpoch } = plan;
  const state = resumed?.progress.method ?? null;
  try {
    const runner = await method.open({ config, runtime, networks, steps, stepsPerEpoch, state });
    return {
      images,
      plan,
      networks,
      runner,
      dispose: async () => {
        await runner.dispose();
        networks.dispose();
      },
    };
  } catch (error) {
    networks.dispose();
    throw error;
  }
}

function wrongTarget({ name, hasTarget }: Pick<TrainingMethod, "name" | "hasTarget">): AppError {
  const message = hasTarget
    ? `The method ${name} adapts to images of another domain, and none are named; name its data set as the target.`
    : `The method ${name} learns from labelled images only and has no use for a target; leave the target out.`;
  return new AppError("input.option", message);
}
