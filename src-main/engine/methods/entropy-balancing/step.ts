// A step of DAFormer, and of entropy balancing: what the student learns from source images and from mixed ones, the teacher
// between them.
import type {
  DaformerConfig,
  EntropyBalancingConfig,
} from "../../../../src-shared/contract/training/entropy-balancing.ts";
import { THING_CLASSES } from "../../../../src-shared/contract/training/entropy-balancing.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import type { Architecture } from "../../models/architecture.ts";
import type { DeviceTensor, NamedTensors } from "../../runtimes/runtime.ts";
import { checkpointOf, type Network } from "../../training/network-state.ts";
import { adamW } from "../../training/optimizers/adam.ts";
import { DAFORMER_RULES, keyedGroups } from "../../training/optimizers/keyed-groups.ts";
import type { Optimizer } from "../../training/optimizers/optimizer.ts";
import { poly, type Schedule, warmUp } from "../../training/optimizers/schedules.ts";
import { ParameterUpdates } from "../../training/parameter-updates.ts";
import type { Batch } from "../../training/samples/sample.ts";
import type {
  EvaluatedVariant,
  MethodState,
  Metrics,
  Preview,
  StepAt,
  StepEnvironment,
  StepRunner,
} from "../../training/training-method.ts";
import { predictOne } from "../../training/validate.ts";
import { planeOf } from "../shared/batch-planes.ts";
import { stopIfCancelled } from "../shared/cancellation.ts";
import { MovingAverage, parameterKeys } from "../shared/moving-average.ts";
import { takeNumber } from "../shared/outputs.ts";
import { SegmentationModel } from "../shared/segmentation-model.ts";
import { type StepGraph, type StepInputs, StepPrograms } from "../shared/step-programs.ts";
import { entropySpread, entropyWeightOf, movedAverage, quantileOf } from "./balance-point.ts";
import { chosenCount, classesOf, classMix, type Mixed } from "./class-mix.ts";
import { distanceShares } from "./distance-shares.ts";
import { type LastStep, stepPreviews } from "./previews.ts";
import { pseudoWeights } from "./pseudo-weights.ts";
import { type DrawsOfStep, type StepDraws, seededStepDraws } from "./step-draws.ts";
import {
  entropiesGraph,
  entropyGraph,
  frozenGraph,
  GRADIENT_PREFIX,
  lastMapShape,
  mixedGraph,
  type PassSize,
  sourceGraph,
  teacherGraph,
} from "./step-graphs.ts";
import { strongColors } from "./strong-colors.ts";

type Config = DaformerConfig | EntropyBalancingConfig;

/** Learns, and is validated and kept. */
export const STUDENT = "student";
/** Gives pseudo-labels. */
export const TEACHER = "teacher";
/** The encoder as it was before training. */
export const FROZEN = "imagenet";

/** Learning rate of the first warm-up step, as a share. Source: spec "9". */
const WARMUP_RATIO = 1e-6;
/** Of the draw that decides about the blur. Source: spec "7.5". */
const BLURRED_ABOVE = 0.5;

export class EntropyBalancingStepRunner implements StepRunner {
  readonly #config: Config;
  readonly #networks: Readonly<Record<"student" | "teacher", Network>> & { readonly frozen: Network | null };
  readonly #average: MovingAverage;
  readonly #model: SegmentationModel;
  readonly #optimizer: Optimizer;
  readonly #updates: ParameterUpdates;
  readonly #schedule: Schedule;
  readonly #programs: StepPrograms;
  readonly #draws: DrawsOfStep;
  /** Of the teacher's life: its momentum follows from it. */
  #steps: number;
  /** The average that a moving balance point follows; null before the first step. */
  #entropyAverage: number | null;
  #last: LastStep | null = null;

  constructor({ config, runtime, networks, steps, state }: StepEnvironment<Config>, draws?: DrawsOfStep) {
    const student = networks.network(STUDENT);
    const teacher = networks.network(TEACHER);
    const frozen = config.featureDistance > 0 ? networks.network(FROZEN) : null;
    this.#config = config;
    this.#networks = { student, teacher, frozen };
    this.#average = new MovingAverage({ runtime, student, teacher, keys: parameterKeys(student.architecture) });
    this.#model = new SegmentationModel(runtime, student.architecture, new Map());
    const groups = keyedGroups(config.weightDecay, { ...DAFORMER_RULES, head: { rate: config.headRate } });
    this.#optimizer = adamW(groups);
    this.#updates = new ParameterUpdates(runtime, this.#optimizer, groups);
    this.#schedule = warmUp({ steps: config.warmupSteps, ratio: WARMUP_RATIO }, poly(steps, 1));
    this.#programs = new StepPrograms(runtime);
    this.#draws = draws ?? seededStepDraws(config.seed, config.jitterStrength);
    [this.#steps = 0] = state?.steps ?? [];
    [this.#entropyAverage = null] = state?.entropyAverage ?? [];
  }

  /** Source: spec "7.2 Exact order of one iteration". */
  async step(batch: Batch, { index, signal }: StepAt): Promise<Metrics> {
    const draws = this.#draws(index);
    const [color, blur] = [draws.unit(), this.#config.blur ? draws.unit() : 0];
    await this.#moveTeacher();
    const rate = this.#config.baseLr * this.#schedule(index);
    let gradients = new Map<string, DeviceTensor>();
    /** One pass of the student, after which gradients are those of all passes so far. */
    const learn: Learn = async (key, build, inputs) => {
      stopIfCancelled(signal);
      const { student } = this.#networks;
      const outputs = await this.#programs.runOn(student, { slots: [] }, key, build, {
        ...inputs,
        tensors: new Map([...(inputs.tensors ?? []), ...gradients]),
      });
      disposeAll(gradients);
      gradients = new Map();
      for (const [name, tensor] of outputs) {
        if (!name.startsWith(GRADIENT_PREFIX)) continue;
        gradients.set(name, tensor);
        outputs.delete(name);
      }
      return outputs;
    };
    try {
      const source = await this.#learnSource(batch, draws, learn);
      stopIfCancelled(signal);
      const target = await this.#lookAtTarget(batch);
      const mixed = this.#mix(batch, target, draws, { color, blur });
      const onMixed = await this.#learnMixed(mixed, batch, draws, learn);
      const balanced = await this.#learnBalance(mixed, batch, draws, learn);
      await this.#update(gradients, rate);
      gradients = new Map();
      this.#last = { mixed, target, batch };
      this.#steps += 1;
      this.#entropyAverage = balanced.average;
      return {
        loss: source.loss + source.distance + onMixed.loss + balanced.loss,
        "loss.source": source.loss,
        // The original logs no number where no cell counts.
        ...(source.cells > 0 ? { "loss.featureDistance": source.distance } : {}),
        "loss.mixed": onMixed.loss,
        ...balanced.metrics,
        "accuracy.source": source.accuracy,
        "accuracy.mixed": onMixed.accuracy,
        pseudoWeight: target.share,
        thingCells: source.cells,
        learningRate: rate,
      };
    } finally {
      disposeAll(gradients);
    }
  }

  evaluations(): readonly EvaluatedVariant[] {
    return [this.unscored(), this.#variant(TEACHER, this.#networks.teacher)];
  }

  unscored(): EvaluatedVariant {
    return this.#variant(STUDENT, this.#networks.student);
  }

  state(): MethodState {
    const average = this.#entropyAverage === null ? {} : { entropyAverage: [this.#entropyAverage] };
    return { steps: [this.#steps], ...average };
  }

  /** What the last step was about; null before the first. */
  get last(): LastStep | null {
    return this.#last;
  }

  async previews(image: RgbImage, chosen: EvaluatedVariant): Promise<readonly Preview[]> {
    const teacher = this.#variant(TEACHER, this.#networks.teacher);
    return [
      { name: "prediction", labels: await predictOne(chosen, image) },
      { name: "teacher", labels: await predictOne(teacher, image) },
      ...(this.#last === null ? [] : stepPreviews(this.#last, this.#config.cropSize)),
    ];
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
    await this.#updates.dispose();
    await this.#average.dispose();
    await this.#model.dispose();
  }

  #variant(name: string, { architecture, tensors }: Network): EvaluatedVariant {
    return {
      name,
      value: null,
      isCandidate: name === STUDENT,
      model: this.#model,
      weights: tensors,
      stateDict: () => checkpointOf(architecture, tensors, this.#steps * (name === STUDENT ? this.#studentPasses : 1)),
    };
  }

  /** Source: spec "7.3 EMA teacher". */
  async #moveTeacher(): Promise<void> {
    if (this.#steps === 0) return this.#average.copy();
    return this.#average.follow(Math.min(1 - 1 / (this.#steps + 1), this.#config.teacherMomentum));
  }

  async #learnSource(batch: Batch, draws: StepDraws, learn: Learn) {
    const { featureDistance } = this.#config;
    const { student, frozen } = this.#networks;
    const [image, labels] = [planeOf(batch, "source.image"), planeOf(batch, "source.labels")];
    const pass = this.#sizeOf(batch);
    const pixelWeights = { data: new Float32Array(labels.data.length).fill(1) };
    const planes = { image, labels, pixelWeights };
    const inputs = { masks: draws.masks("source") };
    if (frozen === null) {
      const build = (): StepGraph => sourceGraph(student.architecture, pass, null);
      const told = await toldBy(await learn(`source ${pass.images}`, build, { ...inputs, planes }));
      return { ...told, distance: 0, cells: 0 };
    }
    const things = this.#thingShares(labels.data, pass, student.architecture);
    const features = await this.#programs.run(`frozen ${pass.images}`, () => frozenGraph(frozen.architecture, pass), {
      tensors: frozen.tensors,
      planes: { image },
    });
    try {
      const outputs = await learn(
        `source ${pass.images}`,
        () => sourceGraph(student.architecture, pass, featureDistance),
        {
          ...inputs,
          planes: { ...planes, shares: { data: things.shares } },
          tensors: new Map([...features].map(([, tensor]) => ["frozen", tensor])),
        },
      );
      const distance = await takeNumber(outputs, "distance");
      return { ...(await toldBy(outputs)), distance, cells: things.cells };
    } finally {
      disposeAll(features);
    }
  }

  #thingShares(labels: Batch[string]["data"], pass: PassSize, architecture: Architecture) {
    const { featureThings, featureRatio } = this.#config;
    const [, , rows = 0, columns = 0] = lastMapShape(architecture, pass);
    return distanceShares(Int32Array.from(labels), [pass.images, ...pass.size], [rows, columns], {
      classes: featureThings ? THING_CLASSES : null,
      ratio: featureRatio,
    });
  }

  async #lookAtTarget(batch: Batch): Promise<TargetLook> {
    const { teacher } = this.#networks;
    const pass = this.#sizeOf(batch);
    const outputs = await this.#programs.runOn(
      teacher,
      { slots: [] },
      `teacher ${pass.images}`,
      () => teacherGraph(teacher.architecture, pass),
      { tensors: new Map(), planes: { image: planeOf(batch, "target.image") } },
    );
    try {
      const confidence = Float32Array.from((await outputs.get("confidence")?.read()) ?? []);
      const pseudoLabels = Int32Array.from((await outputs.get("pseudoLabels")?.read()) ?? []);
      return { pseudoLabels, ...pseudoWeights(confidence, pass.size, this.#config) };
    } finally {
      disposeAll(outputs);
    }
  }

  /** Source: spec "7.4", "7.5". Draws all classes first, then image by image colours and blur. */
  #mix(batch: Batch, target: TargetLook, draws: StepDraws, { color, blur }: Switches): Mixed {
    const { images, size } = this.#sizeOf(batch);
    const sourceLabels = planeOf(batch, "source.labels").data;
    const classes = classesOf(sourceLabels);
    const chosen = Array.from(
      { length: images },
      () => new Set(draws.choose(classes.length, chosenCount(classes.length)).map((place) => classes[place] ?? 0)),
    );
    const mixed = classMix(
      {
        images,
        source: floats(planeOf(batch, "source.image").data),
        target: floats(planeOf(batch, "target.image").data),
        sourceLabels,
        pseudoLabels: target.pseudoLabels,
        targetWeights: target.weights,
      },
      chosen,
    );
    const { jitterSkipped, jitterFlavour: flavour } = this.#config;
    const length = 3 * size[0] * size[1];
    for (let n = 0; n < images; n += 1) {
      const jitter = color > jitterSkipped ? draws.jitter() : null;
      const sigma = blur > BLURRED_ABOVE ? draws.sigma() : null;
      strongColors(mixed.image.subarray(n * length, (n + 1) * length), size, { jitter, sigma, flavour });
    }
    return mixed;
  }

  async #learnMixed(mixed: Mixed, batch: Batch, draws: StepDraws, learn: Learn) {
    const pass = this.#sizeOf(batch);
    const { architecture } = this.#networks.student;
    return toldBy(
      await learn(`mixed ${pass.images}`, () => mixedGraph(architecture, pass), {
        planes: { image: { data: mixed.image }, labels: { data: mixed.labels }, pixelWeights: { data: mixed.weights } },
        masks: draws.masks("mixed"),
      }),
    );
  }

  /** Nothing, for DAFormer. Source: spec "7.2", step 10. */
  async #learnBalance(mixed: Mixed, batch: Batch, draws: StepDraws, learn: Learn): Promise<Balanced> {
    const config = this.#config;
    if (config.method === "daformer") return { loss: 0, average: null, metrics: {} };
    const pass = this.#sizeOf(batch);
    const { architecture } = this.#networks.student;
    const masks = draws.masks("entropy");
    const inputs = { planes: { image: { data: mixed.image } }, masks };
    const { point, average } = await this.#balancePoint(config, pass, inputs);
    const weight = entropyWeightOf(config);
    const outputs = await learn(`entropy ${pass.images}`, () => entropyGraph(architecture, pass, weight), {
      ...inputs,
      scalars: new Map([["balancePoint", point]]),
    });
    const loss = await takeNumber(outputs, "loss");
    const entropies = Float32Array.from((await outputs.get("entropy")?.read()) ?? []);
    disposeAll(outputs);
    const spread = Object.entries(entropySpread(entropies));
    return {
      loss,
      average,
      metrics: {
        "loss.entropy": loss,
        "entropy.balancePoint": point,
        ...Object.fromEntries(spread.map(([name, value]) => [`entropy.${name}`, value])),
      },
    };
  }

  /** Where it moves, a pass more says what the entropies will be: the point follows from them. */
  async #balancePoint(
    { balance, entropyTarget, entropyQuantile, entropyMomentum, entropyFloor }: EntropyBalancingConfig,
    pass: PassSize,
    inputs: Omit<StepInputs, "tensors">,
  ): Promise<{ readonly point: number; readonly average: number | null }> {
    if (balance === "fixed") return { point: entropyTarget, average: null };
    const { architecture, tensors } = this.#networks.student;
    const outputs = await this.#programs.run(`entropies ${pass.images}`, () => entropiesGraph(architecture, pass), {
      ...inputs,
      tensors,
    });
    const entropies = Float32Array.from((await outputs.get("entropy")?.read()) ?? []);
    disposeAll(outputs);
    const average = movedAverage(this.#entropyAverage, quantileOf(entropies, entropyQuantile), entropyMomentum);
    return { point: Math.max(average, entropyFloor), average };
  }

  async #update(gradients: ReadonlyMap<string, DeviceTensor>, rate: number): Promise<void> {
    const byKey = new Map([...gradients].map(([name, tensor]) => [name.slice(GRADIENT_PREFIX.length), tensor]));
    await this.#updates.apply(this.#networks.student, byKey, this.#optimizer.scalars(rate, this.#steps));
  }

  /** Of a step, in training mode. */
  get #studentPasses(): number {
    return this.#config.method === "daformer" ? 2 : 3;
  }

  #sizeOf(batch: Batch): PassSize {
    const [images = 0, , height = 0, width = 0] = planeOf(batch, "source.image").shape;
    return { images, size: [height, width] };
  }
}

type Learn = (
  key: string,
  build: () => StepGraph,
  inputs: Omit<StepInputs, "tensors"> & { readonly tensors?: NamedTensors },
) => Promise<Map<string, DeviceTensor>>;

interface Switches {
  readonly color: number;
  readonly blur: number;
}

export interface TargetLook {
  /** [N, H, W] */
  readonly pseudoLabels: Int32Array;
  /** float32 [N, H, W] */
  readonly weights: Float32Array;
  /** Of sure pixels. */
  readonly share: number;
}

interface Balanced {
  readonly loss: number;
  /** That a moving balance point follows. */
  readonly average: number | null;
  readonly metrics: Readonly<Record<string, number>>;
}

async function toldBy(outputs: Map<string, DeviceTensor>) {
  const [loss, accuracy] = [await takeNumber(outputs, "loss"), await takeNumber(outputs, "accuracy")];
  disposeAll(outputs);
  return { loss, accuracy };
}

function floats(data: Batch[string]["data"]): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

function disposeAll(tensors: NamedTensors): void {
  for (const tensor of tensors.values()) tensor.dispose();
}
