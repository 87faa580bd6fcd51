// The form of an evaluation, and evaluations in words: what is chosen, what stands in the way, time left, comparisons.
import { beforeEach, describe, expect, it } from "vitest";
import {
  changeConfig,
  chosenOf,
  EMPTY_FORM,
  formProblem,
  imageCountOf,
  presetsFrom,
  RECIPE,
  splitOf,
  toggledNumber,
  useEvaluationForm,
} from "../../../../src-renderer/features/evaluate/evaluation-form.ts";
import {
  comparable,
  evaluationName,
  firstComparison,
} from "../../../../src-renderer/features/evaluate/evaluation-words.ts";
import { EMPTY_STACK, useHistory } from "../../../../src-renderer/state/history.ts";
import { keyParameters } from "../../../../src-renderer/state/run-words.ts";
import type { Dataset } from "../../../../src-shared/contract/workbench/datasets.ts";
import type { Evaluation } from "../../../../src-shared/contract/workbench/evaluations.ts";
import {
  checkpointIdSchema,
  datasetIdSchema,
  evaluationIdSchema,
} from "../../../../src-shared/contract/workbench/ids.ts";
import { machineSchema } from "../../../../src-shared/contract/workbench/runs.ts";
import { aCheckpoint } from "../../../helpers/workbench-entities.ts";

const aDataset = (different: Partial<Dataset> = {}): Dataset => ({
  id: datasetIdSchema.parse("dataset1"),
  name: "Streets",
  path: "/streets",
  layout: "cityscapes",
  layoutName: "Cityscapes",
  isSample: false,
  isAvailable: true,
  listing: { status: "complete" },
  imageCount: 100,
  labelledCount: 60,
  splits: [{ name: "val", count: 50 }],
  tags: [],
  classes: [],
  notices: [],
  ...different,
});

let made = 0;
const anEvaluation = (different: Partial<Evaluation> = {}): Evaluation => ({
  id: evaluationIdSchema.parse(`evaluation${++made}`),
  datasetId: datasetIdSchema.parse("dataset1"),
  split: null,
  checkpointId: checkpointIdSchema.parse("checkpoint1"),
  config: RECIPE,
  machine: machineSchema.parse({}),
  name: "",
  status: "finished",
  datasetName: "Streets",
  checkpointName: "one.pth",
  numClasses: 19,
  createdAt: made,
  startedAt: null,
  endedAt: null,
  error: null,
  done: 5,
  images: 5,
  failed: 0,
  miou: 0.5,
  ece: 0.1,
  ...different,
});

beforeEach(() => {
  useEvaluationForm.setState(EMPTY_FORM);
  useHistory.setState(EMPTY_STACK);
});

describe("the form", () => {
  it("takes a change back and makes it again", () => {
    changeConfig("passes", { passes: 20 });
    expect(useEvaluationForm.getState().config.passes).toBe(20);
    useHistory.getState().undo();
    expect(useEvaluationForm.getState().config.passes).toBe(RECIPE.passes);
    useHistory.getState().redo();
    expect(useEvaluationForm.getState().config.passes).toBe(20);
  });

  it("records no change that changes nothing", () => {
    changeConfig("passes", { passes: RECIPE.passes });
    expect(useHistory.getState().done).toEqual([]);
  });

  it("begins with what is open elsewhere, then with labelled images and usable checkpoints", () => {
    const plain = aDataset({ id: datasetIdSchema.parse("dataset0"), labelledCount: 0 });
    const labelled = aDataset();
    const broken = aCheckpoint({ isAvailable: false });
    const usable = aCheckpoint();
    const nothing = { datasetId: null, checkpointId: null };
    expect(chosenOf(EMPTY_FORM, [plain, labelled], [broken, usable], nothing)).toEqual({
      dataset: labelled,
      checkpoint: usable,
    });
    expect(chosenOf(EMPTY_FORM, [plain, labelled], [], { ...nothing, datasetId: plain.id }).dataset).toBe(plain);
  });

  it("forgets a split that the dataset does not have", () => {
    expect(splitOf({ split: "val" }, aDataset())).toBe("val");
    expect(splitOf({ split: "train" }, aDataset())).toBeNull();
    expect(imageCountOf(aDataset(), "val")).toBe(50);
    expect(imageCountOf(aDataset(), null)).toBe(100);
  });

  it("says what stands in the way", () => {
    const form = { config: RECIPE, split: null };
    expect(formProblem(form, undefined, aCheckpoint())).toMatch(/dataset/);
    expect(formProblem(form, aDataset(), undefined)).toMatch(/checkpoint/);
    expect(formProblem(form, aDataset({ isAvailable: false }), aCheckpoint())).toMatch(/Streets/);
    expect(
      formProblem({ ...form, config: { ...RECIPE, method: "mc-dropout", passes: 1 } }, aDataset(), aCheckpoint()),
    ).toBe("MC dropout needs at least 2 passes.");
    // Of a parameter that the method does not have nothing does.
    expect(formProblem({ ...form, config: { ...RECIPE, passes: 1 } }, aDataset(), aCheckpoint())).toBeNull();
    expect(formProblem(form, aDataset(), aCheckpoint())).toBeNull();
  });

  it("takes the adapt screen's presets, with its own method", () => {
    const presets = [
      { name: "Slow", config: { baseLr: 0.01, method: "adapt" } },
      { name: "Broken", config: { baseLr: "fast" } },
    ];
    expect(presetsFrom({ presets }, { ...RECIPE, method: "tta" })).toEqual([
      { name: "Slow", config: { ...RECIPE, baseLr: 0.01, method: "tta" } },
    ]);
  });

  it("toggles scales and layers in rising order", () => {
    expect(toggledNumber([0.25, 1], 0.5)).toEqual([0.25, 0.5, 1]);
    expect(toggledNumber([1, 2], 1)).toEqual([2]);
  });
});

describe("evaluations in words", () => {
  it("are named by what they do to what", () => {
    expect(evaluationName(anEvaluation())).toBe("Adapt on Streets");
    expect(evaluationName(anEvaluation({ name: "Mine" }))).toBe("Mine");
    expect(keyParameters(RECIPE)).toBe("lr 0.05 · 10 iter. · threshold 0.7");
    expect(keyParameters({ ...RECIPE, method: "mc-dropout", alpha: 0.3 })).toBe("10 passes · alpha 0.3");
  });
});

describe("the comparison", () => {
  it("is with evaluations of the same images and classes that have figures", () => {
    const current = anEvaluation();
    const fitting = anEvaluation();
    const list = [
      current,
      fitting,
      anEvaluation({ datasetId: datasetIdSchema.parse("dataset2") }),
      anEvaluation({ numClasses: 16 }),
      anEvaluation({ done: 0 }),
    ];
    expect(comparable(list, current)).toEqual([fitting]);
  });

  it("begins with the plain prediction of the same checkpoint", () => {
    const current = anEvaluation();
    const predicted = anEvaluation({ config: { ...RECIPE, method: "predict" } });
    const elsewhere = anEvaluation({ checkpointId: checkpointIdSchema.parse("checkpoint2") });
    const newer = anEvaluation();
    expect(firstComparison([predicted, elsewhere, newer], current)).toBe(predicted);
    expect(firstComparison([elsewhere], current)).toBe(elsewhere);
    expect(firstComparison([], current)).toBeNull();
  });
});
