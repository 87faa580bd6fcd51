// Steps of CROTS's stage 2: the student learns from images mixed by quadrants, which a moving teacher has labelled, and from patches
// with rare classes.
import type { CrotsConfig } from "../../../../src-shared/contract/training/crots.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import { behindCaffeInput } from "../../models/caffe-input.ts";
import type { Network } from "../../training/network-state.ts";
import type { Batch, Plane } from "../../training/samples/sample.ts";
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
import { SegmentationModel } from "../shared/segmentation-model.ts";
import { StepPrograms } from "../shared/step-programs.ts";
import { STUDENT } from "./baseline-step.ts";
import { Learning } from "./learning.ts";
import { blurMixed, jitterMixed } from "./mixed-colors.ts";
import { labelledPreview, pairPreview } from "./previews.ts";
import { drawCuts, mirrorLines, mixed } from "./spatial-mix.ts";
import { type CrotsDraws, type DrawsOfStep, seededStepDraws } from "./step-draws.ts";
import { teacherGraph } from "./step-graphs.ts";
import { hasLabels, variantOf } from "./variants.ts";

/** The intra-domain teacher: labels target images while it follows the student. */
export const TEACHER = "teacher";

/** A batch of mixed images, at the points that a step passes through. */
export interface MixedBatch {
  /** float32 [N, 3, H, W], before and after its colours changed. */
  readonly clean: Float32Array;
  readonly jittered: Float32Array;
  readonly image: Plane;
  /** int32 [N, H, W] */
  readonly labels: Int32Array;
  /** Share of the pixels whose confidence reaches the threshold. */
  readonly trusted: number;
}

const FLIPPED_BELOW = 0.5;

export class CrotsStepRunner implements StepRunner {
  readonly #config: CrotsConfig;
  readonly #student: Network;
  readonly #teacher: Network;
  readonly #average: MovingAverage;
  readonly #model: SegmentationModel;
  readonly #learning: Learning;
  readonly #programs: StepPrograms;
  readonly #draws: DrawsOfStep;
  /** The teacher's momentum follows from them, and so do Adam's corrections. */
  #updates: number;
  /** Of patches: normalisation of the student counts them, too. */
  #patchPasses: number;
  #last: { readonly mixed: MixedBatch; readonly batch: Batch } | null = null;

  constructor({ config, runtime, networks, state }: StepEnvironment<CrotsConfig>, draws?: DrawsOfStep) {
    const student = networks.network(STUDENT);
    const teacher = networks.network(TEACHER);
    this.#config = config;
    this.#student = student;
    this.#teacher = teacher;
    this.#average = new MovingAverage({ runtime, student, teacher, keys: parameterKeys(student.architecture) });
    this.#model = new SegmentationModel(runtime, student.architecture, new Map());
    this.#learning = new Learning(runtime, student, config);
    this.#programs = new StepPrograms(runtime);
    this.#draws = draws ?? seededStepDraws(config.seed, config.jitterStrength);
    [this.#updates = 0] = state?.updates ?? [];
    [this.#patchPasses = 0] = state?.patchPasses ?? [];
  }

  /** Source: spec "9.8 Order of operations in one iteration". */
  async step(batch: Batch, { index, epoch, signal }: StepAt): Promise<Metrics> {
    const { numClasses, hardWeight, teacherMoves } = this.#config;
    const seen = await this.#lookAt(planeOf(batch, "target.image"));
    stopIfCancelled(signal);
    const mixture = this.#mix(planeOf(batch, "target.image"), seen, this.#draws(index));
    const learningRate = this.#learning.rateOf(epoch);
    const { image, labels, trusted } = mixture;
    try {
      const consistency = await this.#learning.learn({ image, labels: { data: labels }, weight: trusted });
      stopIfCancelled(signal);
      const patches = patchesOf(batch);
      const learns = patches !== null && hasLabels(patches.labels, numClasses);
      const hard = learns ? await this.#learning.learn({ ...patches, weight: hardWeight }) : null;
      stopIfCancelled(signal);
      if (teacherMoves === "before") await this.#moveTeacher();
      await this.#learning.update(this.#updates, learningRate);
      if (teacherMoves === "after") await this.#moveTeacher();
      this.#updates += 1;
      this.#patchPasses += learns ? 1 : 0;
      this.#last = { mixed: mixture, batch };
      return {
        loss: consistency + (hard ?? 0),
        "loss.consistency": consistency,
        ...(hard === null ? {} : { "loss.hard": hard }),
        trusted,
        learningRate,
      };
    } finally {
      this.#learning.forget();
    }
  }

  evaluations(): readonly EvaluatedVariant[] {
    return [this.unscored(), this.#teacherVariant()];
  }

  unscored(): EvaluatedVariant {
    return variantOf(STUDENT, this.#student, this.#model, this.#updates + this.#patchPasses);
  }

  state(): MethodState {
    return { updates: [this.#updates], patchPasses: [this.#patchPasses] };
  }

  /** What the last step mixed; null before the first. */
  get mixture(): MixedBatch | null {
    return this.#last?.mixed ?? null;
  }

  async previews(image: RgbImage, chosen: EvaluatedVariant): Promise<readonly Preview[]> {
    const predictions = [
      { name: "prediction", labels: await predictOne(chosen, image) },
      { name: TEACHER, labels: await predictOne(this.#teacherVariant(), image) },
    ];
    if (this.#last === null) return predictions;
    const { mixed: mixture, batch } = this.#last;
    return [
      ...predictions,
      pairPreview("mixed", mixture.image, { data: mixture.labels }),
      ...(patchesOf(batch) === null ? [] : [labelledPreview("hard-patch", batch, "patches")]),
    ];
  }

  async dispose(): Promise<void> {
    await this.#learning.dispose();
    await this.#programs.dispose();
    await this.#average.dispose();
    await this.#model.dispose();
  }

  #teacherVariant(): EvaluatedVariant {
    const passes = this.#config.teacherStatistics === "batch" ? this.#updates : 0;
    return variantOf(TEACHER, this.#teacher, this.#model, passes, false);
  }

  /** Source: spec "9.1 Teacher prediction". */
  async #lookAt(image: Plane): Promise<Seen> {
    const [images = 0, , height = 0, width = 0] = image.shape;
    const { teacherStatistics: statistics, confidenceOf } = this.#config;
    const outputs = await this.#programs.runOn(
      this.#teacher,
      { slots: [] },
      `teacher ${image.shape}`,
      () =>
        teacherGraph(
          behindCaffeInput(this.#teacher.architecture),
          { images, size: [height, width] },
          { statistics, confidenceOf },
        ),
      { tensors: new Map(), planes: { image } },
    );
    try {
      return {
        labels: Int32Array.from((await outputs.get("labels")?.read()) ?? []),
        confidence: Float32Array.from((await outputs.get("confidence")?.read()) ?? []),
      };
    } finally {
      for (const tensor of outputs.values()) tensor.dispose();
    }
  }

  /**
   * Labels and their confidence are mixed in place of the logits that they come from, which is the same and a nineteenth of the
   * memory. Source: spec "9.2" to "9.5".
   */
  #mix({ shape, data }: Plane, seen: Seen, draws: CrotsDraws): MixedBatch {
    const { positionBeta, confidenceThreshold, kornia, jitterShare, blurShare } = this.#config;
    const [images = 0, , height = 0, width = 0] = shape;
    const size = [height, width] as const;
    const cuts = drawCuts(draws, images, size, positionBeta);
    const clean = mixed(Float32Array.from(data), size, cuts);
    const labels = mixed(seen.labels, size, cuts);
    const confidence = mixed(seen.confidence, size, cuts);
    if (draws.unit() < FLIPPED_BELOW) for (const planes of [clean, labels, confidence]) mirrorLines(planes, width);
    const isJittered = draws.unit() > 1 - jitterShare;
    const jittered = clean.slice();
    if (isJittered) {
      for (const [k, jitter] of draws.jitters(images).entries())
        jitterMixed(imageOf(jittered, k, size), jitter, kornia);
    }
    const isBlurred = draws.unit() > 1 - blurShare;
    const blurred = jittered.slice();
    if (isBlurred) {
      const sigma = draws.sigma();
      for (let k = 0; k < images; k += 1) blurMixed(imageOf(blurred, k, size), size, sigma);
    }
    const trusted = confidence.filter((value) => value >= confidenceThreshold).length / confidence.length;
    return { clean, jittered, image: { shape, data: blurred }, labels, trusted };
  }

  /** Source: spec "9.7 Teacher update". */
  async #moveTeacher(): Promise<void> {
    await this.#average.follow(Math.min(1 - 1 / (this.#updates + 1), this.#config.teacherMomentum));
  }
}

interface Seen {
  /** int32 [N, H, W] */
  readonly labels: Int32Array;
  /** float32 [N, 1, H, W] */
  readonly confidence: Float32Array;
}

function imageOf(planes: Float32Array, image: number, [height, width]: readonly [number, number]): Float32Array {
  const length = 3 * height * width;
  return planes.subarray(image * length, (image + 1) * length);
}

/** Null where the run has none. */
function patchesOf(batch: Batch): { readonly image: Plane; readonly labels: Plane } | null {
  if (!("patches.image" in batch)) return null;
  return { image: planeOf(batch, "patches.image"), labels: planeOf(batch, "patches.labels") };
}
