// Steps of augmentation consistency: the student learns from labelled source images, and from what its moving average, the
// teacher, agrees upon over several crops of each target image.
import type { DaSacConfig } from "../../../../src-shared/contract/training/da-sac.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import type { DeviceTensor, NamedTensors, Runtime } from "../../runtimes/runtime.ts";
import { checkpointOf, type Network } from "../../training/network-state.ts";
import type { Optimizer } from "../../training/optimizers/optimizer.ts";
import { sgd } from "../../training/optimizers/sgd.ts";
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
import { MovingAverage } from "../shared/moving-average.ts";
import { takeNumber, takeNumbers } from "../shared/outputs.ts";
import { SegmentationModel } from "../shared/segmentation-model.ts";
import { StepPrograms } from "../shared/step-programs.ts";
import { STUDENT } from "./baseline-step.ts";
import { freshPrior } from "./class-prior.ts";
import { type MasksOfPass, seededPasses } from "./dropout-passes.ts";
import { daSacGroups } from "./parameter-groups.ts";
import { cropPreviews } from "./previews.ts";
import { type PassSize, PRIOR, sourceGraph, studentGraph, teacherGraph } from "./step-graphs.ts";

/** The name of the momentum network. */
export const TEACHER = "teacher";
/** Among its tensors: 0 before its first update, float32 [1]. The name is that of released snapshots. */
export const IS_STARTED = "slow_init";

export class ConsistencyStepRunner implements StepRunner {
  readonly #config: DaSacConfig;
  readonly #runtime: Runtime;
  readonly #student: Network;
  readonly #teacher: Network;
  readonly #average: MovingAverage;
  readonly #model: SegmentationModel;
  readonly #optimizer: Optimizer;
  readonly #programs: StepPrograms;
  readonly #masks: MasksOfPass;
  /** Of the student in training mode: dropout masks follow from them. */
  #passes: number;
  /** Of the teacher from the student, at its last update. */
  #distance: number;
  /** What the last step was about, to be looked at. */
  #last: { readonly batch: Batch; readonly pseudoLabels: ArrayLike<number> } | null = null;

  constructor({ config, runtime, networks, state }: StepEnvironment<DaSacConfig>, masks?: MasksOfPass) {
    this.#config = config;
    this.#runtime = runtime;
    this.#student = networks.network(STUDENT);
    this.#teacher = networks.network(TEACHER);
    this.#average = new MovingAverage({ runtime, student: this.#student, teacher: this.#teacher });
    const { architecture } = this.#student;
    this.#model = new SegmentationModel(runtime, architecture, new Map());
    this.#optimizer = sgd(config.momentum, daSacGroups(architecture, config.weightDecay));
    this.#programs = new StepPrograms(runtime);
    this.#masks = masks ?? seededPasses(config.seed);
    [this.#passes = 0] = state?.passes ?? [];
    [this.#distance = 0] = state?.distance ?? [];
  }

  /** Source: spec "7.5 Iteration". The weights change once, so that the order of the passes before it is free. */
  async step(batch: Batch, { index, indexInEpoch, signal }: StepAt): Promise<Metrics> {
    const { baseLr, teacherInterval, targetLossWeight, targetOnly } = this.#config;
    const passes = this.#passes;
    const source = targetOnly ? null : await this.#sourcePass(batch, passes);
    const gradients = source?.gradients ?? new Map();
    try {
      stopIfCancelled(signal);
      const distance = indexInEpoch % teacherInterval === 0 ? await this.#updateTeacher() : this.#distance;
      const targets = await this.#teacherPass(batch);
      stopIfCancelled(signal);
      const target = await this.#studentPass(batch, targets.tensors, gradients, index, passes + (targetOnly ? 0 : 1));
      this.#passes = passes + (targetOnly ? 1 : 2);
      this.#distance = distance;
      this.#last = { batch, pseudoLabels: targets.pseudoLabels };
      const parts = source === null ? {} : { "loss.source": source.loss };
      return {
        loss: (source?.loss ?? 0) + targetLossWeight * target,
        ...parts,
        "loss.target": target,
        learningRate: baseLr,
        teacherDistance: distance,
        ...targets.metrics,
      };
    } finally {
      for (const tensor of gradients.values()) tensor.dispose();
    }
  }

  evaluations(): readonly EvaluatedVariant[] {
    return [this.unscored(), this.#variant(TEACHER, this.#teacher)];
  }

  unscored(): EvaluatedVariant {
    return this.#variant(STUDENT, this.#student);
  }

  state(): MethodState {
    return { passes: [this.#passes], distance: [this.#distance] };
  }

  async previews(image: RgbImage, chosen: EvaluatedVariant): Promise<readonly Preview[]> {
    const teacher = this.#variant(TEACHER, this.#teacher);
    const { copies, cropSize } = this.#config;
    return [
      { name: "prediction", labels: await predictOne(chosen, image) },
      { name: "teacher", labels: await predictOne(teacher, image) },
      ...(this.#last === null ? [] : cropPreviews(this.#last.batch, this.#last.pseudoLabels, copies, cropSize)),
    ];
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
    await this.#average.dispose();
    await this.#model.dispose();
  }

  /** The student is what is validated, kept and evaluated; the teacher is only followed. */
  #variant(name: string, { architecture, tensors }: Network): EvaluatedVariant {
    return {
      name,
      value: null,
      isCandidate: name === STUDENT,
      model: this.#model,
      weights: tensors,
      stateDict: () => checkpointOf(architecture, tensors, 0),
    };
  }

  async #sourcePass(batch: Batch, pass: number): Promise<{ readonly loss: number; readonly gradients: NamedTensors }> {
    const [image, labels] = [planeOf(batch, "source.image"), planeOf(batch, "source.labels")];
    const size = this.#sizeOf(image.shape[0] ?? 0);
    const outputs = await this.#programs.run(
      `source ${size.images}`,
      () => sourceGraph(this.#student.architecture, size, "running", this.#optimizer, "gradients"),
      { tensors: this.#student.tensors, planes: { image, labels }, masks: this.#masks(pass) },
    );
    const loss = await takeNumber(outputs, "loss");
    return { loss, gradients: outputs };
  }

  /** Source: spec "7.6 Teacher". @returns its distance from the student */
  async #updateTeacher(): Promise<number> {
    const [isStarted = 0] = await this.#teacher.get(IS_STARTED).read();
    return isStarted === 0 ? this.#startTeacher() : this.#average.followAndMeasure(this.#config.teacherMomentum);
  }

  /** A copy of all that the student has; the prior begins anew. */
  async #startTeacher(): Promise<number> {
    await this.#average.copy();
    const { numClasses } = this.#teacher.architecture;
    this.#teacher.set(PRIOR, this.#runtime.upload(freshPrior(numClasses, this.#config), [numClasses]));
    this.#teacher.set(IS_STARTED, this.#runtime.upload(Float32Array.of(1), [1]));
    return 0;
  }

  /** What the student is to learn, and what is followed of it. */
  async #teacherPass(batch: Batch): Promise<Targets> {
    const { copies, numClasses } = this.#config;
    const image = planeOf(batch, "target.teacher");
    const size = this.#sizeOf((image.shape[0] ?? 0) * copies);
    const outputs = await this.#programs.run(
      `teacher ${size.images}`,
      () => teacherGraph(this.#teacher.architecture, size, this.#counts(size.images), this.#config),
      {
        tensors: this.#teacher.tensors,
        planes: {
          image,
          labels: planeOf(batch, "target.labels"),
          affine: planeOf(batch, "target.affine"),
          affineInverse: planeOf(batch, "target.affineInverse"),
        },
      },
    );
    const newPrior = outputs.get("newPrior");
    if (newPrior !== undefined) this.#teacher.set(PRIOR, newPrior);
    outputs.delete("newPrior");
    const pseudoLabels = Int32Array.from((await outputs.get("pseudoLabels")?.read()) ?? []);
    const thresholds = await takeNumbers(outputs, "thresholds");
    const kept = await takeNumbers(outputs, "keptPixels");
    const prior = [...(await this.#teacher.get(PRIOR).read())];
    return {
      tensors: outputs,
      pseudoLabels,
      metrics: {
        trusted: kept.reduce((sum, count) => sum + count, 0) / pseudoLabels.length,
        ...perClass("trusted", meansOf(kept, numClasses, pseudoLabels.length / size.images)),
        ...perClass("threshold", meansOf(thresholds, numClasses)),
        ...perClass("prior", prior),
      },
    };
  }

  /** The update. @returns the target loss before its weight */
  async #studentPass(
    batch: Batch,
    targets: NamedTensors,
    gradients: NamedTensors,
    index: number,
    pass: number,
  ): Promise<number> {
    const { baseLr, copies } = this.#config;
    const image = planeOf(batch, "target.student");
    const size = this.#sizeOf((image.shape[0] ?? 0) * copies);
    try {
      const outputs = await this.#programs.runOn(
        this.#student,
        this.#optimizer,
        `student ${size.images}`,
        () => studentGraph(this.#student.architecture, size, this.#counts(size.images), this.#config, this.#optimizer),
        {
          tensors: new Map([...targets, ...gradients]),
          planes: { image },
          scalars: this.#optimizer.scalars(baseLr, index),
          masks: this.#masks(pass),
        },
      );
      return await takeNumber(outputs, "loss");
    } finally {
      for (const tensor of targets.values()) tensor.dispose();
    }
  }

  #sizeOf(images: number): PassSize {
    return { images, size: this.#config.cropSize };
  }

  #counts(crops: number) {
    const { copies, cropsPerDevice } = this.#config;
    return { copies, cropsPerDevice: cropsPerDevice ?? crops };
  }
}

interface Targets {
  /** What the student's program takes. */
  readonly tensors: ReadonlyMap<string, DeviceTensor>;
  readonly pseudoLabels: Int32Array;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Means over the crops of what each has of its classes. @param values  [N, K] */
function meansOf(values: readonly number[], numClasses: number, unit = 1): number[] {
  const crops = values.length / numClasses;
  return Array.from({ length: numClasses }, (_, k) => {
    const sum = Array.from({ length: crops }, (_row, n) => values[n * numClasses + k] ?? 0).reduce((a, b) => a + b, 0);
    return sum / crops / unit;
  });
}

/** "threshold.11": the value of the class with this train id. */
function perClass(name: string, values: readonly number[]): Record<string, number> {
  return Object.fromEntries(values.map((value, trainId) => [`${name}.${trainId}`, value]));
}
