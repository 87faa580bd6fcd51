// Single steps of source training, for tests and benches that look at what each does.
import type { StateDict } from "../../src-main/engine/checkpoints/state-dict.ts";
import { sourceTraining } from "../../src-main/engine/methods/source-training/method.ts";
import { NETWORK } from "../../src-main/engine/methods/source-training/source-step.ts";
import type { Architecture } from "../../src-main/engine/models/architecture.ts";
import type { Runtime } from "../../src-main/engine/runtimes/runtime.ts";
import { type Network, NetworkState } from "../../src-main/engine/training/network-state.ts";
import type { Batch } from "../../src-main/engine/training/samples/sample.ts";
import type { StepRunner } from "../../src-main/engine/training/training-method.ts";
import type { SourceTrainingConfig } from "../../src-shared/contract/training/source-training.ts";

export interface SourceSteps {
  readonly runner: StepRunner;
  readonly networks: NetworkState;
  readonly network: Network;
  /** One step as the training does it. @returns its loss */
  step(batch: Batch, signal?: AbortSignal): Promise<number>;
  dispose(): Promise<void>;
}

/** @param start  weights to begin with, in place of those that the configuration gives */
export async function openSourceSteps(
  runtime: Runtime,
  config: SourceTrainingConfig,
  { steps = 1000, start }: { steps?: number; start?: { architecture: Architecture; start: StateDict } } = {},
): Promise<SourceSteps> {
  const specs = start === undefined ? sourceTraining.networks(config, null) : { [NETWORK]: start };
  const networks = new NetworkState(runtime, specs);
  const runner = await sourceTraining.open({ config, runtime, networks, steps, stepsPerEpoch: steps, state: null });
  let index = 0;
  return {
    runner,
    networks,
    network: networks.network(NETWORK),
    step: async (batch, signal) => {
      const at = { index, epoch: 0, indexInEpoch: index, signal };
      const metrics = await networks.atomically(() => runner.step(batch, at));
      index += 1;
      return metrics?.loss ?? Number.NaN;
    },
    dispose: async () => {
      await runner.dispose();
      networks.dispose();
    },
  };
}
