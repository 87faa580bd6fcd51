// Iterations of augmentation consistency against the original's: both passes, the teacher's view, pseudo-labels, gradients.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StateTensor } from "../../../src-main/engine/checkpoints/state-dict.ts";
import { classTargetsOverAll } from "../../../src-main/engine/graph/functions/class-targets.ts";
import { crossEntropy } from "../../../src-main/engine/graph/functions/cross-entropy.ts";
import { graphOf } from "../../../src-main/engine/graph/graph.ts";
import { cast } from "../../../src-main/engine/graph/ops/cast.ts";
import { constant } from "../../../src-main/engine/graph/ops/constant.ts";
import { equal } from "../../../src-main/engine/graph/ops/equal.ts";
import { input } from "../../../src-main/engine/graph/ops/input.ts";
import { mul } from "../../../src-main/engine/graph/ops/mul.ts";
import type { Node } from "../../../src-main/engine/graph/types.ts";
import { STUDENT } from "../../../src-main/engine/methods/da-sac/baseline-step.ts";
import { focalWeights, freshPrior, thresholdDiscount } from "../../../src-main/engine/methods/da-sac/class-prior.ts";
import { consistencyLoss, consistencyTargets } from "../../../src-main/engine/methods/da-sac/consistency.ts";
import {
  ConsistencyStepRunner,
  IS_STARTED,
  TEACHER,
} from "../../../src-main/engine/methods/da-sac/consistency-step.ts";
import { daSacGroups } from "../../../src-main/engine/methods/da-sac/parameter-groups.ts";
import {
  GRADIENT_PREFIX,
  PRIOR,
  sourceGraph,
  studentGraph,
} from "../../../src-main/engine/methods/da-sac/step-graphs.ts";
import { PADDED } from "../../../src-main/engine/methods/da-sac/target-sample.ts";
import { averagedKeys } from "../../../src-main/engine/methods/shared/moving-average.ts";
import { forward } from "../../../src-main/engine/models/architecture.ts";
import { daSacNetwork } from "../../../src-main/engine/models/da-sac-networks.ts";
import { GraphScope } from "../../../src-main/engine/models/model-scope.ts";
import { type Network, NetworkState } from "../../../src-main/engine/training/network-state.ts";
import { sgd } from "../../../src-main/engine/training/optimizers/sgd.ts";
import type { Batch, Plane } from "../../../src-main/engine/training/samples/sample.ts";
import { daSacConfigSchema } from "../../../src-shared/contract/training/da-sac.ts";
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
  targetCropPlanes,
} from "../../helpers/da-sac-steps.ts";
import { DA_SAC_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { subsampled } from "../../helpers/recorded.ts";
import { directRuntime } from "../../helpers/runtimes-under-test.ts";

const NUM_CLASSES = 19;
/** Of the student in one pass in training mode. */
const DROPOUT_CALLS = 2;

describe.each(goldenCases<StepsCase>(`${DA_SAC_FIXTURES}C-sac`))("$name", (golden) => {
  const { json } = golden;
  const { MODEL, TRAIN } = json.config;
  const recorded = new RecordedValues(golden);
  const architecture = daSacNetwork(json.arch, NUM_CLASSES);
  const config = daSacConfigSchema.parse({
    ...sharedConfig(json),
    targetImages: TRAIN.NUM_GROUPS,
    copies: TRAIN.GROUP_SIZE,
    targetLossWeight: MODEL.LR_TARGET,
    teacherMomentum: MODEL.NET_MOMENTUM,
    teacherInterval: MODEL.NET_MOMENTUM_ITER,
    priorMomentum: MODEL.STAT_MOMENTUM,
    thresholdShare: MODEL.RUN_CONF_UPPER,
    leastConfidence: MODEL.RUN_CONF_LOWER,
    discountScale: MODEL.THRESHOLD_BETA,
    focalPower: MODEL.FOCAL_P,
  });
  const masks = recordedMasks(json, DROPOUT_CALLS);
  const isEarly = isInFirstStages(architecture);
  const optimizer = sgd(config.momentum, daSacGroups(architecture, config.weightDecay));
  let networks: NetworkState;
  let student: Network;
  let teacher: Network;
  let runner: ConsistencyStepRunner;
  let initial: Tensors;
  let initialTeacher: Tensors;

  beforeAll(async () => {
    const start = startOf(json);
    const { numClasses } = architecture;
    const prior = Float32Array.from(json.start?.class_prior ?? freshPrior(numClasses, config));
    const own: [string, StateTensor][] = [
      [PRIOR, { dtype: "float32", shape: [numClasses], data: prior }],
      [IS_STARTED, { dtype: "float32", shape: [1], data: Float32Array.of(json.start?.slow_init ?? 0) }],
    ];
    networks = new NetworkState(directRuntime, {
      [STUDENT]: { architecture, start: start.student },
      [TEACHER]: { architecture, start: new Map([...start.teacher, ...own]) },
    });
    student = networks.network(STUDENT);
    teacher = networks.network(TEACHER);
    const steps = json.steps.length;
    const environment = { config, runtime: directRuntime, networks, steps, stepsPerEpoch: steps, state: null };
    runner = new ConsistencyStepRunner(environment, masks);
    initial = await copyOf(student);
    initialTeacher = await copyOf(teacher);
  });
  afterAll(async () => {
    await runner.dispose();
    networks.dispose();
  });

  it.each([...json.steps.keys()])("iteration %i", async (step) => {
    const batch = { ...(await sourcePlanes(golden, step)), ...(await targetCropPlanes(golden, step)) };
    const of = (name: string) => `step${step}/${name}`;
    const before = await copyOf(student);
    const wasStarted = (await teacher.get(IS_STARTED).read())[0] === 1;
    const priorBefore = wasStarted
      ? Float32Array.from(await teacher.get(PRIOR).read())
      : freshPrior(architecture.numClasses, config);

    const teacherBefore = await copyOf(teacher);

    const at = { index: step, epoch: 0, indexInEpoch: step, signal: undefined };
    const metrics = await networks.atomically(() => runner.step(batch, at));

    const after = await copyOf(student);
    const source = await sourcePass(before, batch, 2 * step);
    const teacherAfter = await copyOf(teacher);
    const view = await teacherView(teacherAfter, batch, priorBefore);
    const target = await targetPass(before, batch, view, source, 2 * step + 1);
    const found = {
      [of("source/loss_ce")]: [metrics["loss.source"] ?? Number.NaN],
      [of("target/self_ce")]: [metrics["loss.target"] ?? Number.NaN],
      [of("target/class_prior")]: [...(await teacher.get(PRIOR).read())],
      [of("target/kept")]: view("keptPixels"),
      ...logitsOf(of("source/"), source),
      ...logitsOf(of("target/"), target),
      ...known(of("source/after/"), (key) => after.get(key)?.data ?? []),
      ...known(of("target/after/"), (key) => after.get(key)?.data ?? []),
      ...known(of("target/"), (name) => target(name), ["loss_ce", "loss_per_class"]),
      ...known(of("target/"), (name) => view(name), VIEWED),
      ...pseudoLabels(of("target/pseudo_label"), view("pseudo_labels")),
      ...known(of("grad/"), (key) => target(`${GRADIENT_PREFIX}${key}`)),
      ...known(of("change/"), (key) => changeOf(key, after, initial)),
    };
    // Before an update, and after it or without one; the first update copies.
    const distances = {
      [of("target/teacher_update_distance")]: wasStarted ? distanceOf(teacherBefore, before) : 0,
      [of("target/teacher_diff_after")]:
        step % config.teacherInterval === 0
          ? (metrics.teacherDistance ?? Number.NaN)
          : distanceOf(teacherAfter, before),
    };
    expect([
      ...(await recorded.drifts(found, isEarly)),
      ...norms(of("source/grad_norms"), (key) => source(`${GRADIENT_PREFIX}${key}`)),
      ...norms(of("grad_norms"), (key) => target(`${GRADIENT_PREFIX}${key}`)),
      ...norms(of("change_norms"), (key) => changeOf(key, after, initial)),
      ...Object.entries(distances).flatMap(([name, distance]) =>
        recorded.lengthDrifts(name, [distance], [Math.max(...sizesOf(architecture))]),
      ),
    ]).toEqual([]);
  });

  it("ends with the recorded teacher, and with counts that nothing has moved", async () => {
    const after = await copyOf(teacher);
    const found = {
      ...known("end/teacher_change/", (key) => changeOf(key, after, initialTeacher)),
      "end/slow_init": [...(after.get(IS_STARTED)?.data ?? [])],
      "end/num_batches_tracked": [0],
    };
    expect(await recorded.drifts(found)).toEqual([]);
    const counts = [...((await runner.unscored().stateDict()) ?? [])].filter(([key]) => key.endsWith("_tracked"));
    expect(new Set(counts.map(([, { data }]) => Number(data[0])))).toEqual(new Set([0]));
  });

  /** The sum of the lengths of the differences, key by key. */
  function distanceOf(one: Tensors, other: Tensors): number {
    return averagedKeys(architecture).reduce((sum, key) => sum + lengthOf(changeOf(key, one, other)), 0);
  }

  async function sourcePass(weights: Tensors, batch: Batch, pass: number) {
    const [image, labels] = [batch["source.image"], batch["source.labels"]] as [Plane, Plane];
    const size = { images: image.shape[0] ?? 0, size: config.cropSize };
    const graph = sourceGraph(architecture, size, "running", optimizer, "gradients");
    const more = { logits_up: trainingLogits(architecture, image, "running") };
    return lookedUp(await evaluatePass(graph, more, weights, { image, labels }, masks(pass)));
  }

  /** All that the teacher's view goes through, with the weights it had in the step. */
  async function teacherView(weights: Tensors, batch: Batch, priorBefore: Float32Array) {
    const { image, labels, affine, affineInverse, crops } = cropPlanes(batch, "target.teacher");
    const { cropSize: size, copies } = config;
    const scope = new GraphScope(architecture.normalization, { statistics: "running" });
    const { logits } = forward(architecture, scope, input("image", [crops, 3, ...size]));
    const targets = consistencyTargets(
      {
        logits,
        affine: input("affine", [crops, 2, 3]),
        affineInverse: input("affineInverse", [crops, 2, 3]),
        padding: cast(
          equal(input("labels", [crops, 1, ...size], "int32"), constant(Int32Array.of(PADDED), [1, 1, 1, 1])),
          "float32",
        ),
        prior: input("priorBefore", [architecture.numClasses]),
      },
      size,
      { copies, cropsPerDevice: crops },
      config,
    );
    if (targets.fusion === null) throw new Error("the recorded runs fuse");
    const { aligned, coverage, fused } = targets.fusion;
    const graph = graphOf({
      teacher_logits: logits,
      teacher_aligned: aligned,
      aligned_times_valid: mul(aligned, coverage),
      fused: fused.probabilities,
      valid: fused.valid,
      refined: targets.refined,
      threshold_discount: thresholdDiscount(targets.prior, config),
      focal_weight: focalWeights(targets.prior, config.focalPower),
      prior: targets.prior,
      confidence: targets.labels.confidence,
      pseudo_labels: targets.labels.labels,
      keptPixels: targets.labels.keptPixels,
    });
    const planes = { image, labels, affine, affineInverse, priorBefore: { shape: [], data: priorBefore } };
    const outputs = await evaluatePass({ graph, masks: new Map() }, {}, weights, planes, masks(0));
    const [height, width] = size;
    const confidence = Float32Array.from(outputs.confidence ?? []);
    return lookedUp({
      ...outputs,
      // Recorded as it goes back into every crop.
      fused_valid_sum: Float32Array.of(copies * sumOf(outputs.valid ?? [])),
      refined_stride8: subsampled(Float32Array.from(outputs.refined ?? []), height, width, 8),
      confidence_sum: Float32Array.from({ length: crops }, (_, k) =>
        sumOf(confidence.subarray(k * height * width, (k + 1) * height * width)),
      ),
    });
  }

  async function targetPass(
    weights: Tensors,
    batch: Batch,
    view: (name: string) => ArrayLike<number>,
    source: (name: string) => ArrayLike<number>,
    pass: number,
  ) {
    const { image, labels, crops } = cropPlanes(batch, "target.student");
    const counts = { copies: config.copies, cropsPerDevice: crops };
    const size = { images: crops, size: config.cropSize };
    const graph = studentGraph(architecture, size, counts, config, optimizer, "gradients");
    const logits = trainingLogits(architecture, { ...image, shape: [crops, 3, ...config.cropSize] }, "running");
    const truth = input("labels", [crops, 1, ...config.cropSize], "int32");
    const more: Record<string, Node> = {
      logits_up: logits,
      loss_ce: crossEntropy(logits, classTargetsOverAll(truth, architecture.numClasses)),
      loss_per_class: consistencyLoss(logits, learntFrom(crops), counts, config).perClass,
    };
    const given = new Map(weights);
    for (const key of parameterKeys(architecture)) {
      const name = `${GRADIENT_PREFIX}${key}`;
      given.set(name, { shape: weights.get(key)?.shape ?? [], data: source(name) as Float32Array });
    }
    given.set("labels", { shape: truth.shape, data: Int32Array.from(labels.data) });
    const planes = {
      image,
      pseudoLabels: { shape: [], data: Int32Array.from(view("pseudo_labels")) },
      confidence: { shape: [], data: Float32Array.from(view("confidence")) },
      prior: { shape: [], data: Float32Array.from(view("prior")) },
    };
    return lookedUp(await evaluatePass(graph, more, given, planes, masks(pass)));
  }

  /** As the student's graph has it. */
  function learntFrom(crops: number) {
    const { numClasses } = architecture;
    const shape = [crops, 1, ...config.cropSize];
    const classes = constant(
      Int32Array.from({ length: numClasses }, (_, k) => k),
      [1, numClasses, 1, 1],
    );
    const selected = cast(equal(input("pseudoLabels", shape, "int32"), classes), "float32");
    return { labels: { selected, confidence: input("confidence", shape) }, prior: input("prior", [1, numClasses]) };
  }

  function cropPlanes(batch: Batch, images: string) {
    const named = (name: string): Plane => batch[name] ?? { shape: [], data: new Float32Array() };
    const image = named(images);
    const crops = (image.shape[0] ?? 0) * config.copies;
    return {
      image,
      labels: named("target.labels"),
      affine: named("target.affine"),
      affineInverse: named("target.affineInverse"),
      crops,
    };
  }

  function logitsOf(prefix: string, pass: (name: string) => ArrayLike<number>) {
    const logits = Float32Array.from(pass("logits_up"));
    const [height, width] = config.cropSize;
    return { [`${prefix}logits_up`]: logits, [`${prefix}logits_up_stride8`]: subsampled(logits, height, width, 8) };
  }

  function pseudoLabels(prefix: string, all: ArrayLike<number>) {
    const pixels = config.cropSize[0] * config.cropSize[1];
    const labels = Array.from(all);
    return Object.fromEntries(
      recorded
        .namesFrom(prefix)
        .map((crop) => [`${prefix}${crop}`, labels.slice(Number(crop) * pixels, (Number(crop) + 1) * pixels)]),
    );
  }

  /** What was recorded below the prefix, of the names that are asked for. */
  function known(prefix: string, values: (name: string) => ArrayLike<number>, names?: readonly string[]) {
    const all = names?.filter((name) => recorded.has(`${prefix}${name}`)) ?? recorded.namesFrom(prefix);
    return Object.fromEntries(all.map((name) => [`${prefix}${name}`, values(name)]));
  }

  /** Of all parameters, in their order. */
  function norms(name: string, values: (key: string) => ArrayLike<number>): string[] {
    if (!recorded.has(name)) return [];
    const lengths = parameterKeys(architecture).map((key) => lengthOf(values(key)));
    return recorded.lengthDrifts(name, lengths, sizesOf(architecture), parameterKeys(architecture).map(isEarly));
  }
});

const VIEWED = [
  "teacher_logits",
  "teacher_aligned",
  "aligned_times_valid",
  "fused",
  "fused_valid_sum",
  "refined",
  "refined_stride8",
  "threshold_discount",
  "focal_weight",
  "confidence",
  "confidence_sum",
];

function lookedUp(outputs: Readonly<Record<string, ArrayLike<number>>>) {
  return (name: string): ArrayLike<number> => outputs[name] ?? [];
}

function sumOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0);
}
