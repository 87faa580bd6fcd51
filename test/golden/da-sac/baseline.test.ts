// Iterations of DA-SAC's baseline against the original's: losses, gradients, running statistics and weights.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BaselineStepRunner, STUDENT } from "../../../src-main/engine/methods/da-sac/baseline-step.ts";
import { daSacGroups } from "../../../src-main/engine/methods/da-sac/parameter-groups.ts";
import { GRADIENT_PREFIX, sourceGraph } from "../../../src-main/engine/methods/da-sac/step-graphs.ts";
import type { Architecture } from "../../../src-main/engine/models/architecture.ts";
import { daSacNetwork } from "../../../src-main/engine/models/da-sac-networks.ts";
import { type Network, NetworkState } from "../../../src-main/engine/training/network-state.ts";
import { sgd } from "../../../src-main/engine/training/optimizers/sgd.ts";
import type { Plane } from "../../../src-main/engine/training/samples/sample.ts";
import { daSacBaselineConfigSchema } from "../../../src-shared/contract/training/da-sac.ts";
import {
  changeOf,
  copyOf,
  evaluatePass,
  isInFirstStages,
  lengthOf,
  parameterKeys,
  sizesOf,
  type Tensors,
  trainingLogits,
} from "../../helpers/da-sac-passes.ts";
import {
  RecordedValues,
  recordedMasks,
  type StepsCase,
  sharedConfig,
  sourcePlanes,
  startOf,
  targetImagePlanes,
} from "../../helpers/da-sac-steps.ts";
import { DA_SAC_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { subsampled } from "../../helpers/recorded.ts";
import { directRuntime } from "../../helpers/runtimes-under-test.ts";

const NUM_CLASSES = 19;
/** Of the student in one pass in training mode. */
const DROPOUT_CALLS = 2;

describe.each(goldenCases<StepsCase>(`${DA_SAC_FIXTURES}B-abn`))("$name", (golden) => {
  const { json } = golden;
  const recorded = new RecordedValues(golden);
  const architecture = daSacNetwork(json.arch, NUM_CLASSES);
  const config = daSacBaselineConfigSchema.parse({
    ...sharedConfig(json),
    targetBatchSize: json.config.TRAIN.NUM_GROUPS,
  });
  const masks = recordedMasks(json, DROPOUT_CALLS);
  const isEarly = isInFirstStages(architecture);
  const optimizer = sgd(config.momentum, daSacGroups(architecture, config.weightDecay));
  let networks: NetworkState;
  let network: Network;
  let runner: BaselineStepRunner;
  let initial: Tensors;

  beforeAll(async () => {
    networks = new NetworkState(directRuntime, { [STUDENT]: { architecture, start: startOf(json).student } });
    network = networks.network(STUDENT);
    const steps = json.steps.length;
    const environment = { config, runtime: directRuntime, networks, steps, stepsPerEpoch: steps, state: null };
    runner = new BaselineStepRunner(environment, masks);
    initial = await copyOf(network);
  });
  afterAll(async () => {
    await runner.dispose();
    networks.dispose();
  });

  it.each([...json.steps.keys()])("iteration %i", async (step) => {
    const source = await sourcePlanes(golden, step);
    const target = await targetImagePlanes(golden, step);
    const before = await copyOf(network);
    const of = (name: string) => `step${step}/${name}`;
    const pass = await labelledPass(before, source, "source", 2 * step);
    const at = { index: step, epoch: 0, indexInEpoch: step, signal: undefined };
    const { loss } = await networks.atomically(() => runner.step({ ...source, ...target }, at));
    const after = await copyOf(network);
    const seen = await labelledPass(after, target, "target", 2 * step + 1);
    const found = {
      [of("source/loss_ce")]: [loss],
      ...logitsOf(of("source/"), pass),
      ...namedFrom(of("source/after/"), pass),
      ...namedFrom(of("grad/"), (key) => pass(`${GRADIENT_PREFIX}${key}`)),
      ...namedFrom(of("change/"), (key) => changeOf(key, after, initial)),
      [of("target/loss_ce")]: seen("loss"),
      ...logitsOf(of("target/"), seen),
      ...namedFrom(of("target/after/"), (key) => after.get(key)?.data ?? []),
    };
    expect([
      ...(await recorded.drifts(found, isEarly)),
      ...norms(of("grad_norms"), (key) => pass(`${GRADIENT_PREFIX}${key}`)),
      ...norms(of("change_norms"), (key) => changeOf(key, after, initial)),
    ]).toEqual([]);
  });

  it("ends with the recorded counts", async () => {
    const [variant] = runner.evaluations();
    const counted = [...((await variant?.stateDict()) ?? [])].flatMap(([key, { data }]) =>
      key.endsWith(".num_batches_tracked") ? [Number(data[0])] : [],
    );
    expect(new Set(counted)).toEqual(new Set([2 * json.steps.length]));
    expect(await recorded.drifts({ "end/num_batches_tracked": [counted[0] ?? Number.NaN] })).toEqual([]);
    expect(
      await recorded.drifts({ learning_rates: daSacGroups(architecture, 0).map(({ rate }) => rate * config.baseLr) }),
    ).toEqual([]);
  });

  /** What the update of the source computes, or would compute for target images. */
  async function labelledPass(weights: Tensors, batch: Readonly<Record<string, Plane>>, stream: string, pass: number) {
    const [image, labels] = [batch[`${stream}.image`], batch[`${stream}.labels`]] as [Plane, Plane];
    const graph = sourceGraph(
      architecture,
      { images: image.shape[0] ?? 0, size: config.cropSize },
      "batch",
      optimizer,
      "gradients",
    );
    const more = { logits_up: trainingLogits(architecture, image, "batch") };
    const outputs = await evaluatePass(graph, more, weights, { image, labels }, masks(pass));
    return (name: string): ArrayLike<number> => outputs[name] ?? [];
  }

  function logitsOf(prefix: string, pass: (name: string) => ArrayLike<number>) {
    const logits = Float32Array.from(pass("logits_up"));
    const [height, width] = config.cropSize;
    return { [`${prefix}logits_up`]: logits, [`${prefix}logits_up_stride8`]: subsampled(logits, height, width, 8) };
  }

  function namedFrom(prefix: string, values: (key: string) => ArrayLike<number>) {
    const keys = recorded.namesFrom(prefix).filter((key) => !isCancelled(architecture, key));
    return Object.fromEntries(keys.map((key) => [`${prefix}${key}`, values(key)]));
  }

  /** Of all parameters, in their order. */
  function norms(name: string, values: (key: string) => ArrayLike<number>): string[] {
    if (!recorded.has(name)) return [];
    const lengths = parameterKeys(architecture).map((key) => lengthOf(values(key)));
    return recorded.lengthDrifts(name, lengths, sizesOf(architecture), parameterKeys(architecture).map(isEarly));
  }
});

/** A bias that the batch's own mean takes away again has no gradient but rounding. */
function isCancelled({ keys }: Architecture, key: string): boolean {
  const [, layers, index] = /^(.*\.)(\d+)\.bias$/.exec(key) ?? [];
  return (
    layers !== undefined &&
    !keys.has(`${layers}${index}.running_mean`) &&
    keys.has(`${layers}${Number(index) + 1}.running_mean`)
  );
}
