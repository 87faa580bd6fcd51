// The consistency core against the original's: fusion, class prior, pseudo-labels, loss and its gradient, on both runtimes.
import { beforeAll, describe, expect, test } from "vitest";
import { gradient } from "../../../src-main/engine/graph/gradients.ts";
import { elementCount } from "../../../src-main/engine/graph/node.ts";
import { expand } from "../../../src-main/engine/graph/ops/expand.ts";
import { input } from "../../../src-main/engine/graph/ops/input.ts";
import { mul } from "../../../src-main/engine/graph/ops/mul.ts";
import { reshape } from "../../../src-main/engine/graph/ops/reshape.ts";
import type { Node, Shape, TensorData } from "../../../src-main/engine/graph/types.ts";
import { thresholdDiscount } from "../../../src-main/engine/methods/da-sac/class-prior.ts";
import { consistencyLoss, consistencyTargets } from "../../../src-main/engine/methods/da-sac/consistency.ts";
import { type ConsistencySettings, consistencySettingsSchema } from "../../../src-shared/contract/training/da-sac.ts";
import { DA_SAC_FIXTURES } from "../../helpers/fixtures-root.ts";
import { type GoldenCase, goldenCases } from "../../helpers/golden-cases.ts";
import { countDiffering, differenceFromSummary, differenceOf, type Summary } from "../../helpers/recorded.ts";
import { compileFor, RUNTIMES, type TestProgram } from "../../helpers/runtimes-under-test.ts";
import { type FixtureTensor, readFixtureTensors } from "../../helpers/safetensors-fixture.ts";
import type { TestTensor } from "../../helpers/seeded-tensors.ts";

interface Recorded extends Partial<Summary> {
  readonly shape: Shape;
  readonly values?: number | readonly number[];
  readonly tensor?: string;
  readonly tol: number;
}

interface FusionCase {
  readonly classes: number;
  readonly batch: number;
  readonly group_size: number;
  readonly size_h_w: readonly [number, number];
  readonly config: {
    readonly CONF_POOL: "avg_pool" | "minentropy_pool";
    readonly LOSS: "focal_ce_conf" | "focal_ce";
    readonly CONF_POOL_ON: boolean;
    readonly CONF_DISCOUNT: boolean;
    readonly FOCAL_P: number;
    readonly RUN_CONF_UPPER: number;
    readonly RUN_CONF_LOWER: number;
    readonly STAT_MOMENTUM: number;
    readonly THRESHOLD_BETA: number;
  };
  readonly affine: readonly (readonly (readonly number[])[])[];
  readonly affine_inverse: readonly (readonly (readonly number[])[])[];
  readonly padding_mask_boxes_b_y0_x0_y1_x1: readonly (readonly [number, number, number, number, number])[];
  readonly values: Readonly<Record<string, Recorded>>;
}

/** Where elements are counted, not measured. */
const COUNTED: readonly string[] = ["pseudo_labels", "fused_valid"];

const CASES = goldenCases<FusionCase>(`${DA_SAC_FIXTURES}F-fusion`);

describe.each(CASES.map((golden) => [golden.name, golden] as const))("%s", (_, golden) => {
  const { values } = golden.json;
  const recordedTensor = readFixtureTensors(`${golden.folder}tensors.safetensors`);
  const updates = [...new Set(Object.keys(values).map((name) => /^update\d+/.exec(name)?.[0]))].filter(
    (update) => update !== undefined,
  );

  describe.each(RUNTIMES)("on %s", (_name, runtime) => {
    const found = new Map<string, TensorData>();

    beforeAll(async () => {
      const outputs = outputsOf(golden.json, recordedTensor("input/teacher_logits0").shape);
      const program = await compileFor(runtime, outputs);
      await runUpdates(program, golden, updates.length, recordedTensor, found);
      await program.dispose();
    });

    test.each(Object.keys(values))("%s", (name) => {
      const expected = values[name];
      const data = found.get(name);
      if (expected === undefined || data === undefined) throw new Error(`${name} is not computed`);
      expect(data.length).toBe(elementCount(expected.shape));
      expect(differenceFrom(data, expected, name, recordedTensor)).toBeLessThanOrEqual(expected.tol);
    });
  });
});

function outputsOf(golden: FusionCase, lowShape: Shape): Record<string, Node> {
  const { classes, batch, group_size: copies, size_h_w: size } = golden;
  const settings = settingsOf(golden.config);
  const counts = { copies, cropsPerDevice: batch };
  const view = {
    logits: input("teacher", lowShape),
    affine: input("affine", [batch, 2, 3]),
    affineInverse: input("affineInverse", [batch, 2, 3]),
    padding: input("padding", [batch, 1, ...size]),
    prior: input("prior", [classes]),
  };
  const student = input("student", [batch, classes, ...size]);
  const targets = consistencyTargets(view, size, counts, settings);
  const { loss, perClass } = consistencyLoss(student, targets, counts, settings);
  const { fusion, refined, labels, prior } = targets;
  const ofFusion =
    fusion === null
      ? {}
      : {
          aligned: fusion.aligned,
          // The original's min-entropy pool writes its result over what it was given, and that was recorded.
          aligned_times_valid:
            settings.pool === "min-entropy"
              ? forEachCrop(fusion.fused.probabilities, copies)
              : mul(fusion.aligned, fusion.coverage),
          fused: forEachCrop(fusion.fused.probabilities, copies),
          fused_valid: forEachCrop(fusion.fused.valid, copies),
        };
  return {
    class_prior: reshape(prior, [classes]),
    threshold_discount: thresholdDiscount(prior, settings),
    refined,
    ...ofFusion,
    pseudo_labels: labels.labels,
    confidence: labels.confidence,
    loss,
    loss_per_class: perClass,
    logit_gradient: gradient(loss, student),
  };
}

function settingsOf(config: FusionCase["config"]): ConsistencySettings {
  const pool = config.CONF_POOL === "avg_pool" ? "average" : "min-entropy";
  return consistencySettingsSchema.parse({
    pool: config.CONF_POOL_ON ? pool : "off",
    priorMomentum: config.STAT_MOMENTUM,
    thresholdShare: config.RUN_CONF_UPPER,
    leastConfidence: config.RUN_CONF_LOWER,
    discount: config.CONF_DISCOUNT,
    discountScale: config.THRESHOLD_BETA,
    focalPower: config.FOCAL_P,
    loss: config.LOSS === "focal_ce" ? "focal" : "released",
  });
}

/** What is known of an image, for each of its crops. */
function forEachCrop(ofImages: Node, copies: number): Node {
  const [images = 0, channels = 0, height = 0, width = 0] = ofImages.shape;
  const repeated = expand(reshape(ofImages, [images, 1, channels, height, width]), [
    images,
    copies,
    channels,
    height,
    width,
  ]);
  return reshape(repeated, [images * copies, channels, height, width]);
}

/** One batch after another; the class prior goes on. */
async function runUpdates(
  program: TestProgram,
  { json }: GoldenCase<FusionCase>,
  updates: number,
  recordedTensor: (name: string) => FixtureTensor,
  found: Map<string, TensorData>,
): Promise<void> {
  const { batch, classes } = json;
  const tensor = (shape: Shape, data: Iterable<number>): TestTensor => ({ shape, data: Float32Array.from(data) });
  const recorded = (name: string): TestTensor => tensor(recordedTensor(name).shape, recordedTensor(name).data);
  let prior: TensorData = Float32Array.from([json.values.class_prior_before?.values ?? []].flat());
  found.set("class_prior_before", prior);
  for (let update = 0; update < updates; update++) {
    const results = await program.run(
      new Map([
        ["teacher", recorded(`input/teacher_logits${update}`)],
        ["student", recorded("input/student_logits")],
        ["affine", tensor([batch, 2, 3], json.affine.flat(2))],
        ["affineInverse", tensor([batch, 2, 3], json.affine_inverse.flat(2))],
        ["padding", paddingOf(json)],
        ["prior", { shape: [classes], data: prior }],
      ]),
    );
    for (const [name, data] of results) found.set(`update${update}/${name}`, data);
    const sum = [...(results.get("logit_gradient") ?? [])].reduce((total, value) => total + Math.abs(value), 0);
    found.set(`update${update}/logit_gradient_abs_sum`, Float32Array.of(sum));
    prior = results.get("class_prior") ?? prior;
  }
}

function paddingOf({
  batch,
  size_h_w: [height, width],
  padding_mask_boxes_b_y0_x0_y1_x1: boxes,
}: FusionCase): TestTensor {
  const data = new Float32Array(batch * height * width);
  for (const [crop, top, left, bottom, right] of boxes) {
    for (let y = top; y < bottom; y++)
      data.fill(1, (crop * height + y) * width + left, (crop * height + y) * width + right);
  }
  return { shape: [batch, 1, height, width], data };
}

function differenceFrom(
  data: TensorData,
  expected: Recorded,
  name: string,
  recordedTensor: (name: string) => FixtureTensor,
): number {
  const isCounted = COUNTED.some((ending) => name.endsWith(ending));
  const whole = expected.values === undefined ? undefined : [expected.values].flat();
  const wanted = whole ?? (expected.tensor === undefined ? undefined : recordedTensor(name).data);
  if (wanted === undefined) return differenceFromSummary(Float32Array.from(data), expected as Summary);
  return isCounted ? countDiffering(data, wanted) : differenceOf(data, wanted).largest;
}
