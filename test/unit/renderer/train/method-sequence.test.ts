// The guided sequence: where one stands in it, and what the form of the next step begins with.
import { describe, expect, it } from "vitest";
import {
  formAfter,
  nextStep,
  stepsOfForm,
  stepsOfTraining,
} from "../../../../src-renderer/features/train/method-sequence.ts";
import { EMPTY_FORM, withMethod } from "../../../../src-renderer/features/train/training-form.ts";
import { COUNTED } from "../../../../src-shared/contract/training/da-sac.ts";
import { daSacBaselinePreset, daSacPreset } from "../../../../src-shared/contract/training/da-sac-presets.ts";
import { trainingConfigSchema } from "../../../../src-shared/contract/training/training-config.ts";
import { trialOf } from "../../../../src-shared/contract/training/training-recipes.ts";
import { checkpointIdSchema, datasetIdSchema } from "../../../../src-shared/contract/workbench/ids.ts";
import { aTraining } from "../../../helpers/workbench-entities.ts";

const checkpointId = checkpointIdSchema.parse("checkpoint1");
const target = { kind: "dataset" as const, datasetId: datasetIdSchema.parse("dataset1"), split: "train" };
const baseline = aTraining({
  config: { ...daSacBaselinePreset("deeplabv2_vgg16_bn", "synthia"), width: 32, cropSize: [320, 320], numEpochs: 7 },
  target,
  status: "finished",
  checkpointIds: [checkpointId, checkpointIdSchema.parse("checkpoint2")],
});

const states = (steps: ReturnType<typeof stepsOfForm>) => steps.map(({ title, state }) => `${title}: ${state}`);

describe("the steps in a row", () => {
  it("are none for a method that stands alone", () => {
    expect(stepsOfForm(EMPTY_FORM)).toEqual([]);
    expect(nextStep(aTraining({ status: "finished", checkpointIds: [checkpointId] }))).toBeNull();
  });

  it("of a form say which are done and which lie ahead", () => {
    const form = withMethod(EMPTY_FORM, "da-sac");
    expect(states(stepsOfForm(form))).toEqual(["Baseline: ahead", "Importance weights: ahead", "Consistency: current"]);
    const [first, weights] = stepsOfForm({ ...form, initialCheckpointId: checkpointId, importanceWeights: "w.data" });
    expect([first?.state, weights?.state, weights?.detail]).toEqual(["done", "done", "from a file"]);
  });

  it("of a training say how far the weights are counted", () => {
    const training = aTraining({
      config: daSacPreset("deeplabv2_resnet101", "gta5"),
      initialCheckpointId: checkpointId,
      importanceWeights: COUNTED,
      status: "running",
    });
    const counting = stepsOfTraining({ ...training, counted: { done: 4, images: 9 } });
    expect(states(counting)).toEqual(["Baseline: done", "Importance weights: current", "Consistency: ahead"]);
    expect(counting[1]?.detail).toBe("counting, 5 of 9");
    expect(states(stepsOfTraining({ ...training, step: 1 }))).toEqual([
      "Baseline: done",
      "Importance weights: done",
      "Consistency: current",
    ]);
    const stopped = stepsOfTraining({ ...training, status: "cancelled", counted: { done: 4, images: 9 } });
    expect(stopped[1]).toMatchObject({ state: "ahead", detail: "counted before the first step" });
  });
});

describe("the next step", () => {
  it("comes after a finished training with a checkpoint, and not after the last step", () => {
    expect(nextStep(baseline)).toBe("da-sac");
    expect(nextStep({ ...baseline, status: "cancelled" })).toBeNull();
    expect(nextStep({ ...baseline, checkpointIds: [] })).toBeNull();
    expect(nextStep({ ...baseline, config: daSacPreset("deeplabv2_vgg16_bn", "gta5") })).toBeNull();
  });

  it("begins with the best checkpoint, on the same images, with weights to count", () => {
    const form = formAfter(baseline, "da-sac");
    expect(form).toMatchObject({ initialCheckpointId: checkpointId, importanceWeights: COUNTED, target });
    expect(form.data).toEqual(baseline.data);
  });

  it("has the recipe that belongs to the one before, its network and crops, and lengths and rates of its own", () => {
    const recipe = daSacPreset("deeplabv2_vgg16_bn", "synthia");
    expect(formAfter(baseline, "da-sac").config).toMatchObject({
      ...recipe,
      previewStep: 250,
      width: 32,
      cropSize: [320, 320],
    });
  });

  it("of CROTS takes the patches that the first one cut, and no importance weights", () => {
    const first = aTraining({
      config: trainingConfigSchema.parse({ method: "crots-baseline", cropSize: [128, 256] }),
      target,
      status: "finished",
      checkpointIds: [checkpointId],
    });
    expect(nextStep(first)).toBe("crots");
    const form = formAfter(first, "crots");
    expect(form).toMatchObject({ initialCheckpointId: checkpointId, labelFolder: `training:${first.id}`, target });
    expect(form.importanceWeights).toBeNull();
    expect(form.config).toMatchObject({ method: "crots", cropSize: [128, 256], baseLr: 1e-5 });
  });

  it("is the trial after a trial", () => {
    const trial = trialOf("da-sac-baseline");
    const form = formAfter({ ...baseline, config: trial?.config ?? baseline.config }, "da-sac");
    expect(form.config).toEqual(trialOf("da-sac")?.config);
  });
});
