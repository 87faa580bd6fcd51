// Iterations of CROTS's two stages against the original's: labels, losses, gradients, running statistics, weights and teacher.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StateDict } from "../../../src-main/engine/checkpoints/state-dict.ts";
import { at } from "../../../src-main/engine/graph/node.ts";
import { CrotsBaselineRunner, STUDENT } from "../../../src-main/engine/methods/crots/baseline-step.ts";
import { CrotsStepRunner, TEACHER } from "../../../src-main/engine/methods/crots/mixing-step.ts";
import { GRADIENT_PREFIX } from "../../../src-main/engine/methods/crots/step-graphs.ts";
import type { Architecture } from "../../../src-main/engine/models/architecture.ts";
import { behindCaffeInput } from "../../../src-main/engine/models/caffe-input.ts";
import { NetworkState } from "../../../src-main/engine/training/network-state.ts";
import { cosine } from "../../../src-main/engine/training/optimizers/schedules.ts";
import type { Plane } from "../../../src-main/engine/training/samples/sample.ts";
import type { StepRunner } from "../../../src-main/engine/training/training-method.ts";
import { crotsBaselineConfigSchema, crotsConfigSchema } from "../../../src-shared/contract/training/crots.ts";
import { crotsArchitecture, crotsStateDict } from "../../helpers/crots-network.ts";
import {
  crotsDrifts,
  imagePlanes,
  labelledPlanes,
  ObservedRuntime,
  type RecordedDraw,
  type RecordedJitter,
  type RecordedValuesOf,
  replayedCrotsDraws,
  tinyArchitecture,
  tinyStateDict,
} from "../../helpers/crots-steps.ts";
import {
  changeOf,
  copyOf,
  lengthOf,
  parameterKeys,
  type Tensors,
  trainingLogits,
} from "../../helpers/da-sac-passes.ts";
import { CROTS_FIXTURES } from "../../helpers/fixtures-root.ts";
import { type GoldenCase, goldenCases } from "../../helpers/golden-cases.ts";
import { differenceOf } from "../../helpers/recorded.ts";
import { directRuntime, evaluateNamed } from "../../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../../helpers/safetensors-fixture.ts";

type Pair = readonly [image: string, label: string];

interface BaselineCase {
  readonly optimizer: { readonly lr: number };
  readonly learning_rate_by_epoch: readonly number[];
  readonly steps: readonly (readonly { readonly image: string; readonly label: string }[])[];
  readonly values: RecordedValuesOf;
}

interface MixingCase {
  readonly position_beta: number;
  readonly batch: number;
  readonly lr: number;
  readonly teacher_factor: readonly number[];
  readonly steps: readonly {
    readonly images: readonly string[];
    readonly draws: readonly RecordedDraw[];
    readonly colour_jitter?: RecordedJitter | null;
    readonly patches?: readonly Pair[];
  }[];
  readonly values: RecordedValuesOf;
}

/** What a case is compared with, step by step. */
class Recorded {
  readonly #golden: GoldenCase<{ readonly values: RecordedValuesOf }>;
  readonly #prefix: string;

  constructor(golden: GoldenCase<{ readonly values: RecordedValuesOf }>, step: number) {
    this.#golden = golden;
    this.#prefix = `step${step}/`;
  }

  /** Of what was recorded below a name that which is found, by its key. */
  below(name: string, values: (key: string) => ArrayLike<number> | undefined): Record<string, ArrayLike<number>> {
    const prefix = `${this.#prefix}${name}/`;
    const names = Object.keys(this.#golden.json.values).filter((each) => each.startsWith(prefix));
    return Object.fromEntries(names.map((each) => [each, values(each.slice(prefix.length)) ?? []]));
  }

  drifts(found: Readonly<Record<string, ArrayLike<number>>>): Promise<string[]> {
    const named = Object.entries(found).map(([name, data]) => [
      name.startsWith("step") ? name : this.#prefix + name,
      data,
    ]);
    return crotsDrifts(this.#golden.folder, this.#golden.json.values, Object.fromEntries(named));
  }

  /** Lengths of the gradients of all parameters, −1 where there is none. */
  normDrifts(architecture: Architecture, gradient: (key: string) => ArrayLike<number> | undefined): string[] {
    const name = `${this.#prefix}grad_norms`;
    const recorded = this.#golden.json.values[name];
    if (recorded === undefined) return [];
    const expected = readFixtureTensors(`${this.#golden.folder}${recorded.tensor}`)(name).data;
    const lengths = parameterKeys(architecture).map((key) => {
      const own = gradient(key);
      return own === undefined ? -1 : lengthOf(own);
    });
    const { largest } = differenceOf(lengths, expected);
    return largest <= recorded.tol ? [] : [`${name}: ${largest}, allowed ${recorded.tol}`];
  }
}

function stepAt(index: number) {
  return { index, epoch: 0, indexInEpoch: index, signal: undefined };
}

function environmentOf<C>(config: C, networks: NetworkState, runtime: ObservedRuntime, steps: number) {
  return { config, runtime, networks, steps, stepsPerEpoch: steps, state: null };
}

const isGradient = (name: string): boolean => name.startsWith(GRADIENT_PREFIX);

describe.each(goldenCases<BaselineCase>(`${CROTS_FIXTURES}B-baseline`))("B-baseline $name", (golden) => {
  const { json, folder } = golden;
  const architecture = crotsArchitecture();
  const runtime = new ObservedRuntime(directRuntime, isGradient);
  let networks: NetworkState;
  let runner: StepRunner;
  let initial: Tensors;

  beforeAll(async () => {
    networks = new NetworkState(runtime, { [STUDENT]: { architecture, start: crotsStateDict() } });
    const config = crotsBaselineConfigSchema.parse({ baseLr: json.optimizer.lr });
    runner = new CrotsBaselineRunner(environmentOf(config, networks, runtime, json.steps.length));
    initial = await copyOf(networks.network(STUDENT));
  });
  afterAll(async () => {
    await runner.dispose();
    networks.dispose();
  });

  it.each([...json.steps.keys()])("iteration %i", async (step) => {
    const recorded = new Recorded(golden, step);
    const pairs = at(json.steps, step).map(({ image, label }): Pair => [image, label]);
    const batch = await labelledPlanes(folder, "source", pairs);
    const metrics = await networks.atomically(() => runner.step(batch, stepAt(step)));
    const after = await copyOf(networks.network(STUDENT));
    const gradient = (key: string) => runtime.seen.get(`${GRADIENT_PREFIX}${key}`);
    expect([
      ...(await recorded.drifts({
        loss: [metrics?.loss ?? Number.NaN],
        ...recorded.below("grad", gradient),
        ...recorded.below("change", (key) => changeOf(key, after, initial)),
        ...recorded.below("after", (key) => after.get(key)?.data),
      })),
      ...recorded.normDrifts(architecture, gradient),
    ]).toEqual([]);
  });

  it("has the recorded learning rate in every epoch", () => {
    const rates = json.learning_rate_by_epoch.map((_, epoch) => json.optimizer.lr * cosine(10)(epoch));
    expect(differenceOf(rates, json.learning_rate_by_epoch).largest).toBeLessThan(1e-15);
  });
});

interface MixingSetup {
  readonly architecture: Architecture;
  readonly start: () => StateDict;
}

function describeMixing(
  title: string,
  cases: readonly GoldenCase<MixingCase>[],
  setupOf: (folder: string) => MixingSetup,
) {
  describe.each(cases)(`${title} $name`, (golden) => {
    const { json, folder } = golden;
    const { architecture, start } = setupOf(folder);
    const own = behindCaffeInput(architecture);
    const runtime = new ObservedRuntime(directRuntime, isGradient);
    let networks: NetworkState;
    let runner: CrotsStepRunner;
    let initial: Tensors;

    beforeAll(async () => {
      networks = new NetworkState(runtime, {
        [STUDENT]: { architecture, start: start() },
        [TEACHER]: { architecture, start: start() },
      });
      const config = crotsConfigSchema.parse({ baseLr: json.lr, positionBeta: json.position_beta });
      runner = new CrotsStepRunner(environmentOf(config, networks, runtime, json.steps.length), (step) => {
        const { draws, colour_jitter } = at(json.steps, step);
        return replayedCrotsDraws(draws, colour_jitter);
      });
      initial = await copyOf(networks.network(STUDENT));
    });
    afterAll(async () => {
      await runner.dispose();
      networks.dispose();
    });

    it.each([...json.steps.keys()])("iteration %i", async (step) => {
      const recorded = new Recorded(golden, step);
      const { images, patches = [] } = at(json.steps, step);
      const batch = {
        ...(await imagePlanes(folder, "target", images)),
        ...(patches.length === 0 ? {} : await labelledPlanes(folder, "patches", patches)),
      };
      const before = await copyOf(networks.network(STUDENT));
      const teacher = await logits(await copyOf(networks.network(TEACHER)), at(Object.values(batch), 0));
      const metrics = await networks.atomically(() => runner.step(batch, stepAt(step)));
      const { mixture } = runner;
      if (mixture === null) throw new Error("nothing was mixed");
      const patchImages = "patches.image" in batch ? (batch["patches.image"] as Plane) : null;
      const [after, moved] = [await copyOf(networks.network(STUDENT)), await copyOf(networks.network(TEACHER))];
      const gradient = (key: string) => runtime.seen.get(`${GRADIENT_PREFIX}${key}`);
      const pixels = mixture.labels.length / images.length;
      expect([
        ...(await recorded.drifts({
          teacher_logits: teacher,
          mixed_flipped: mixture.clean,
          after_jitter: mixture.jittered,
          after_blur: mixture.image.data,
          ...Object.fromEntries(
            images.map((_, k) => [`mixed_label${k}`, mixture.labels.subarray(k * pixels, (k + 1) * pixels)]),
          ),
          student_logits: await logits(before, mixture.image),
          ...(patchImages === null ? {} : { patch_logits: await logits(before, patchImages) }),
          loss: [metrics.loss],
          "loss/consistency": [metrics["loss.consistency"] ?? Number.NaN],
          ...(patchImages === null ? {} : { "loss/hard": [metrics["loss.hard"] ?? Number.NaN] }),
          ...recorded.below("grad", gradient),
          ...recorded.below("change", (key) => changeOf(key, after, initial)),
          ...recorded.below("after", (key) => after.get(key)?.data),
          ...recorded.below("student", (key) => counted(after, key, (patches.length === 0 ? 1 : 2) * (step + 1))),
          ...recorded.below("teacher", (key) => counted(moved, key, step + 1)),
          ...recorded.below("teacher_change", (key) => changeOf(key, moved, initial)),
          ...recorded.below("teacher_after", (key) => moved.get(key)?.data),
        })),
        ...recorded.normDrifts(architecture, gradient),
      ]).toEqual([]);
    });

    it("counts the batches that each network has seen", async () => {
      const [student, teacher] = runner.evaluations();
      const steps = json.steps.length;
      const passes = json.steps.some(({ patches = [] }) => patches.length > 0) ? 2 : 1;
      const key = [...architecture.keys.keys()].find((name) => name.endsWith("num_batches_tracked")) ?? "";
      expect((await student?.stateDict())?.get(key)?.data[0]).toBe(BigInt(passes * steps));
      expect((await teacher?.stateDict())?.get(key)?.data[0]).toBe(BigInt(steps));
    });

    async function logits(weights: Tensors, image: Plane): Promise<ArrayLike<number>> {
      const given = new Map([...weights, ["image", { shape: image.shape, data: image.data as Float32Array }] as const]);
      const found = await evaluateNamed(directRuntime, given, { logits: trainingLogits(own, image, "batch") });
      return found.logits ?? [];
    }
  });
}

/** Batches are counted apart from the tensors. */
function counted(tensors: Tensors, key: string, passes: number): ArrayLike<number> | undefined {
  return key.endsWith("num_batches_tracked") ? [passes] : tensors.get(key)?.data;
}

describeMixing("C-smhm", goldenCases<MixingCase>(`${CROTS_FIXTURES}C-smhm`), () => ({
  architecture: crotsArchitecture(),
  start: crotsStateDict,
}));

describeMixing("D-mixing", goldenCases<MixingCase>(`${CROTS_FIXTURES}D-mixing`), (folder) => ({
  architecture: tinyArchitecture(),
  start: () => tinyStateDict(folder),
}));
