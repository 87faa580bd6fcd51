// The training form: steps, what stands in the way, methods and their recipes, colours of curves.
import { beforeEach, describe, expect, it } from "vitest";
import {
  type FormProblems,
  firstProblem,
  formProblems,
  type Known,
} from "../../../../src-renderer/features/train/form-problems.ts";
import { overlaidToo } from "../../../../src-renderer/features/train/train-view.ts";
import {
  changedFrom,
  changeForm,
  EMPTY_FORM,
  firstConfig,
  imagesOf,
  nearestRecipe,
  quickTrial,
  startRequest,
  stepsOf,
  TARGET_DOMAINS,
  type TrainingForm,
  useTrainingForm,
  withMethod,
} from "../../../../src-renderer/features/train/training-form.ts";
import {
  firstValidation,
  shortNumber,
  shownStatus,
  trainingName,
} from "../../../../src-renderer/features/train/training-words.ts";
import { EMPTY_STACK, useHistory } from "../../../../src-renderer/state/history.ts";
import { COUNTED } from "../../../../src-shared/contract/training/da-sac.ts";
import { daSacPreset } from "../../../../src-shared/contract/training/da-sac-presets.ts";
import { traitsOf } from "../../../../src-shared/contract/training/method-traits.ts";
import { sourceTrainingConfigSchema } from "../../../../src-shared/contract/training/source-training.ts";
import {
  TRAINING_METHOD_NAMES,
  trainingConfigSchema,
} from "../../../../src-shared/contract/training/training-config.ts";
import { recipesOf } from "../../../../src-shared/contract/training/training-recipes.ts";
import type { Checkpoint } from "../../../../src-shared/contract/workbench/checkpoints.ts";
import type { Dataset } from "../../../../src-shared/contract/workbench/datasets.ts";
import {
  checkpointIdSchema,
  datasetIdSchema,
  trainingIdSchema,
} from "../../../../src-shared/contract/workbench/ids.ts";
import { settingsSchema } from "../../../../src-shared/contract/workbench/system.ts";

const datasetId = datasetIdSchema.parse("dataset1");
const dataset: Dataset = {
  id: datasetId,
  name: "Streets",
  path: "/streets",
  layout: "cityscapes",
  layoutName: "Cityscapes",
  isSample: false,
  isAvailable: true,
  listing: { status: "complete" },
  imageCount: 100,
  labelledCount: 60,
  splits: [
    { name: "train", count: 50 },
    { name: "test", count: 50 },
  ],
  tags: [],
  classes: [],
  notices: [],
};
const onStreets = { kind: "dataset" as const, datasetId, split: null };

const SOURCE = sourceTrainingConfigSchema.parse({ previewStep: 250 });
const CONSISTENCY = withMethod(EMPTY_FORM, "da-sac");
const checkpointId = checkpointIdSchema.parse("checkpoint1");
const baseline: Checkpoint = {
  id: checkpointId,
  name: "baseline.safetensors",
  path: "/baseline.safetensors",
  isSample: false,
  isAvailable: true,
  format: "safetensors",
  sizeBytes: 1,
  sha256: "0".repeat(64),
  arch: "deeplabv2",
  backbone: "resnet101",
  numClasses: 19,
  alpha: null,
  recommended: null,
  recommendedProblem: null,
  problem: null,
};

function problemsOf(form: TrainingForm, known: Partial<Known> = {}): FormProblems {
  return formProblems(form, { datasets: [], checkpoints: [], ...known });
}

describe("the steps", () => {
  it("count a last batch that is not full, where the method takes it", () => {
    const config = { ...SOURCE, batchSize: 4, numEpochs: 3 };
    expect(stepsOf({ ...EMPTY_FORM, data: { kind: "sample", count: 10 }, config }, [])).toEqual({
      perEpoch: 3,
      total: 9,
    });
  });

  it("are whole batches of DA-SAC", () => {
    const config = trainingConfigSchema.parse({ method: "da-sac", sourceBatchSize: 4, numEpochs: 3 });
    const form: TrainingForm = { ...CONSISTENCY, data: { kind: "sample", count: 10 }, config };
    expect(stepsOf(form, [])).toEqual({ perEpoch: 2, total: 6 });
    expect(stepsOf({ ...form, target: onStreets }, [])).toBeNull();
  });

  it("are of labelled images only, but for those that are adapted to", () => {
    expect(imagesOf(onStreets, [dataset])).toBe(60);
    expect(imagesOf({ ...onStreets, split: "train" }, [dataset])).toBe(50);
    expect(imagesOf(onStreets, [dataset], "any")).toBe(100);
    expect(imagesOf({ kind: "sample", count: 7 }, [])).toBe(7);
    expect(imagesOf(onStreets, [])).toBeNull();
  });
});

describe("what stands in the way", () => {
  it.each(TRAINING_METHOD_NAMES)("is nothing for the first form and the quick trial of %s", (method) => {
    const form = withMethod(EMPTY_FORM, method);
    // Without a source somebody has to label the target.
    const expected = traitsOf({ method }).isSourceFree
      ? { labels: expect.stringMatching(/^Choose the source-only/) }
      : {};
    expect(problemsOf(form)).toEqual(expected);
    const trial = quickTrial(form);
    if (trial !== null) expect(problemsOf(trial)).toEqual(expected);
  });

  it("is a dataset that is gone, unavailable or without labels", () => {
    const form = { ...EMPTY_FORM, data: onStreets };
    expect(problemsOf(form).data).toMatch(/Choose the dataset/);
    expect(problemsOf(form, { datasets: [{ ...dataset, isAvailable: false }] }).data).toMatch(
      /Streets is not there now/,
    );
    expect(problemsOf(form, { datasets: [{ ...dataset, labelledCount: 0 }] }).data).toMatch(/no labels/);
    expect(problemsOf({ ...EMPTY_FORM, validation: onStreets }).validation).toMatch(/Choose the dataset/);
  });

  it("is a target without images, not one without labels, and only where there is a target", () => {
    const form = { ...CONSISTENCY, target: onStreets };
    const empty = { ...dataset, imageCount: 0, labelledCount: 0, splits: [] };
    expect(problemsOf(form, { datasets: [{ ...dataset, labelledCount: 0 }] })).toEqual({});
    expect(problemsOf(form, { datasets: [empty] }).target).toBe("Streets has no images; choose another.");
    expect(problemsOf(form).target).toBe("Choose the dataset to adapt to.");
    expect(problemsOf({ ...EMPTY_FORM, target: onStreets })).toEqual({});
  });

  it("is a checkpoint of another network or number of classes, and not a file in which no network is recognised", () => {
    const form = { ...CONSISTENCY, initialCheckpointId: checkpointId };
    const problemWith = (changes: Partial<Checkpoint>) =>
      problemsOf(form, { checkpoints: [{ ...baseline, ...changes }] }).initial;
    expect(problemWith({})).toBeUndefined();
    expect(problemWith({ arch: null, backbone: null, numClasses: null })).toBeUndefined();
    expect(problemWith({ backbone: "vgg16_bn" })).toMatch(
      /is a DeepLabv2, VGG-16, and a DeepLabv2, ResNet-101 is trained/,
    );
    expect(problemWith({ numClasses: 16 })).toMatch(/has 16 classes, and 19 are trained/);
    expect(problemWith({ isAvailable: false })).toMatch(/is not there now/);
    expect(problemsOf(form).initial).toMatch(/was removed/);
  });

  it("is importance weights that nothing can be counted by, without a name, or of files where scenes are drawn", () => {
    expect(problemsOf({ ...CONSISTENCY, importanceWeights: COUNTED }).weights).toMatch(/Choose the baseline/);
    expect(problemsOf({ ...CONSISTENCY, importanceWeights: " " }).weights).toMatch(/Name the file/);
    expect(problemsOf({ ...CONSISTENCY, importanceWeights: "weights.data" }).weights).toMatch(/scenes are drawn/);
    expect(problemsOf({ ...EMPTY_FORM, importanceWeights: COUNTED })).toEqual({});
  });

  it("is the first parameter that makes no sense, as a sentence", () => {
    const problems = problemsOf({ ...EMPTY_FORM, config: { ...SOURCE, momentum: 1 } });
    expect(firstProblem(problems)).toBe("Momentum is at least 0 and below 1.");
    const config = { ...daSacPreset("deeplabv2_resnet101", "gta5"), cropsPerDevice: 3 };
    expect(problemsOf({ ...CONSISTENCY, config }).parameters).toMatch(/do not divide among devices/);
  });
});

describe("the method", () => {
  beforeEach(() => {
    useTrainingForm.setState(EMPTY_FORM);
    useHistory.setState(EMPTY_STACK);
  });

  it("changes as one step that can be undone", () => {
    changeForm("the method", withMethod(EMPTY_FORM, "da-sac"));
    expect(useTrainingForm.getState().config.method).toBe("da-sac");
    useHistory.getState().undo();
    expect(useTrainingForm.getState()).toEqual(EMPTY_FORM);
  });

  it("that is chosen already changes nothing", () => {
    changeForm("the method", withMethod(EMPTY_FORM, "source-training"));
    expect(useHistory.getState().done).toEqual([]);
  });

  it("says on which scenes is validated", () => {
    expect(CONSISTENCY.validation).toEqual({ kind: "sample", count: 20, domains: TARGET_DOMAINS });
    expect(withMethod(CONSISTENCY, "source-training").validation).toEqual({ kind: "sample", count: 20 });
    expect(withMethod({ ...EMPTY_FORM, validation: onStreets }, "da-sac").validation).toEqual(onStreets);
  });

  it("is sent the target and the weights only where it has them", () => {
    const settings = settingsSchema.parse({});
    const form = { ...CONSISTENCY, importanceWeights: COUNTED };
    expect(startRequest(form, settings)).toMatchObject({ target: form.target, importanceWeights: COUNTED });
    const plain = startRequest({ ...form, config: SOURCE }, settings);
    expect(plain).toMatchObject({ target: null, importanceWeights: null });
  });
});

describe("parameters", () => {
  it("of the recipe are the contract's defaults, but for previews", () => {
    const recipe = firstConfig("source-training");
    expect(changedFrom(sourceTrainingConfigSchema.parse({}), recipe)).toEqual(["previewStep"]);
  });

  it("that were changed are found in depth", () => {
    expect(changedFrom(SOURCE, { ...SOURCE, augmentation: { ...SOURCE.augmentation, flip: 0 } })).toEqual(["flip"]);
  });

  it("are compared with the recipe that they are nearest to", () => {
    const config = { ...daSacPreset("fcn_vgg16_bn", "synthia"), previewStep: 250, numEpochs: 3 };
    const recipe = nearestRecipe(config);
    expect(recipe.name).toMatch(/^fcn_vgg16_bn, SYNTHIA/);
    expect(changedFrom(recipe.config, config)).toEqual(["numEpochs"]);
  });

  it.each(TRAINING_METHOD_NAMES)("of every recipe of %s are complete and valid", (method) => {
    for (const { config } of recipesOf(method)) expect(trainingConfigSchema.parse(config)).toEqual(config);
  });
});

describe("words", () => {
  it("name a training by its network when it has no name", () => {
    expect(trainingName({ name: "", config: SOURCE })).toBe("DeepLab, ResNet-50");
    expect(trainingName({ name: "", config: { ...SOURCE, archType: "hrnet18" } })).toBe("HRNet-W18");
    expect(trainingName({ name: "Mine", config: SOURCE })).toBe("Mine");
  });

  it("tell a paused training from a running one", () => {
    expect(shownStatus({ status: "running", isPaused: true })).toBe("paused");
    expect(shownStatus({ status: "finished", isPaused: true })).toBe("finished");
  });

  it("write numbers as short as they are read", () => {
    expect([0.0048231, 0.00025, 0.000012, 0, Number.NaN].map(shortNumber)).toEqual([
      "0.00482",
      "2.5e-4",
      "1.2e-5",
      "0",
      "NaN",
    ]);
  });
});

describe("the first validation", () => {
  it("is after the first epoch from the start on that is a multiple of the step", () => {
    expect(firstValidation({ validationStart: 40, validationStep: 1, numEpochs: 50 })).toBe(41);
    expect(firstValidation({ validationStart: 1, validationStep: 2, numEpochs: 6 })).toBe(3);
    expect(firstValidation({ validationStart: 40, validationStep: 1, numEpochs: 40 })).toBeNull();
  });
});

describe("the overlay", () => {
  const ids = Array.from({ length: 7 }, (_, index) => trainingIdSchema.parse(`training${index}`));

  it("takes a training in and out", () => {
    const [a, b] = ids as [(typeof ids)[0], (typeof ids)[0]];
    expect(overlaidToo([a], b)).toEqual([a, b]);
    expect(overlaidToo([a, b], a)).toEqual([b]);
  });

  it("lets the first go when there are too many to tell apart", () => {
    expect(ids.reduce<readonly (typeof ids)[0][]>(overlaidToo, [])).toEqual(ids.slice(2));
  });
});
