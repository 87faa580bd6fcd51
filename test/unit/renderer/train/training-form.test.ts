// The training form: steps, what stands in the way, the two sets of parameters, colours of curves.
import { describe, expect, it } from "vitest";
import { overlaidToo } from "../../../../src-renderer/features/train/train-view.ts";
import {
  changedFrom,
  EMPTY_FORM,
  formProblem,
  imagesOf,
  QUICK_TRIAL,
  RECIPE,
  stepsOf,
} from "../../../../src-renderer/features/train/training-form.ts";
import {
  firstValidation,
  shortNumber,
  shownStatus,
  trainingName,
} from "../../../../src-renderer/features/train/training-words.ts";
import { sourceTrainingConfigSchema } from "../../../../src-shared/contract/training/source-training.ts";
import type { Dataset } from "../../../../src-shared/contract/workbench/datasets.ts";
import { datasetIdSchema, trainingIdSchema } from "../../../../src-shared/contract/workbench/ids.ts";

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

describe("the steps", () => {
  it("count a last batch that is not full", () => {
    expect(stepsOf(10, { batchSize: 4, numEpochs: 3 })).toEqual({ perEpoch: 3, total: 9 });
  });

  it("are of labelled images only", () => {
    expect(imagesOf(onStreets, [dataset])).toBe(60);
    expect(imagesOf({ ...onStreets, split: "train" }, [dataset])).toBe(50);
    expect(imagesOf({ kind: "sample", count: 7 }, [])).toBe(7);
    expect(imagesOf(onStreets, [])).toBeNull();
  });
});

describe("what stands in the way", () => {
  it("is nothing for the first form and the quick trial", () => {
    expect(formProblem(EMPTY_FORM, [])).toBeNull();
    expect(formProblem(QUICK_TRIAL, [])).toBeNull();
  });

  it("is a dataset that is gone, unavailable or without labels", () => {
    const form = { ...EMPTY_FORM, data: onStreets };
    expect(formProblem(form, [])).toMatch(/Choose the dataset/);
    expect(formProblem(form, [{ ...dataset, isAvailable: false }])).toMatch(/"?Streets"? is not there now/);
    expect(formProblem(form, [{ ...dataset, labelledCount: 0 }])).toMatch(/no labels/);
    expect(formProblem({ ...EMPTY_FORM, validation: onStreets }, [])).toMatch(/Choose the dataset/);
  });

  it("is the first parameter that makes no sense, as a sentence", () => {
    expect(formProblem({ ...EMPTY_FORM, config: { ...RECIPE, momentum: 1 } }, [])).toBe(
      "Momentum is at least 0 and below 1.",
    );
  });
});

describe("parameters", () => {
  it("of the recipe are the contract's defaults, but for previews", () => {
    expect(changedFrom(sourceTrainingConfigSchema.parse({}), RECIPE)).toEqual(["previewStep"]);
  });

  it("that were changed are found in depth", () => {
    expect(changedFrom(RECIPE, { ...RECIPE, augmentation: { ...RECIPE.augmentation, flip: 0 } })).toEqual(["flip"]);
  });
});

describe("words", () => {
  it("name a training by its network when it has no name", () => {
    expect(trainingName({ name: "", config: RECIPE })).toBe("DeepLab, ResNet-50");
    expect(trainingName({ name: "", config: { ...RECIPE, archType: "hrnet18" } })).toBe("HRNet-W18");
    expect(trainingName({ name: "Mine", config: RECIPE })).toBe("Mine");
  });

  it("tell a paused training from a running one", () => {
    expect(shownStatus({ status: "running", isPaused: true })).toBe("paused");
    expect(shownStatus({ status: "finished", isPaused: true })).toBe("finished");
  });

  it("write numbers as short as they are read", () => {
    expect([0.0048231, 0.000012, 0, Number.NaN].map(shortNumber)).toEqual(["0.00482", "1.2e-5", "0", "NaN"]);
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
