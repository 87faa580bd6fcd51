// The form of parameters: chips, presets, undo, and the views it stands for.
import { beforeEach, expect, test } from "vitest";
import { enteredNumber, steppedText } from "../../../../src-renderer/components/number-text.ts";
import {
  changeForm,
  formProblem,
  layersOptionOf,
  offeredScales,
  presetsFrom,
  RECIPE,
  SCALE_RANGE,
  useAdaptForm,
  viewsOf,
  withFrozenLayer,
  withPreset,
  withScale,
} from "../../../../src-renderer/state/adapt-form.ts";
import { EMPTY_STACK, useHistory } from "../../../../src-renderer/state/history.ts";

beforeEach(() => {
  useAdaptForm.setState({ config: RECIPE });
  useHistory.setState(EMPTY_STACK);
});

test("begins with the published recipe", () => {
  expect(RECIPE).toMatchObject({
    method: "adapt",
    scales: [0.25, 0.5, 0.75],
    numEpochs: 10,
    baseLr: 0.05,
    alpha: null,
  });
});

test("scales stay in order, each once, and one at least", () => {
  expect(withScale(RECIPE, 0.6).scales).toEqual([0.25, 0.5, 0.6, 0.75]);
  expect(withScale(RECIPE, 0.5).scales).toEqual([0.25, 0.75]);
  const single = { ...RECIPE, scales: [1] };
  expect(withScale(single, 1)).toBe(single);
  expect(offeredScales({ scales: [0.6] })).toContain(0.6);
});

test("scales are added as they are typed, within what a run can have", () => {
  expect(["5e-2", "0,6", "1e0"].map((text) => enteredNumber(text, SCALE_RANGE).value)).toEqual([0.05, 0.6, 1]);
  expect(enteredNumber("1e-3", SCALE_RANGE).problem).toBe('A number from 0.01 to 4; "1e-3" became 0.01.');
  expect(enteredNumber("half", SCALE_RANGE)).toEqual({ value: null, problem: '"half" is no number.' });
  expect(steppedText("0.6", null, 1, SCALE_RANGE)).toBe("0.65");
  for (const scale of [SCALE_RANGE.min, SCALE_RANGE.max]) {
    expect(formProblem({ ...RECIPE, scales: [scale] })).toBeNull();
  }
});

test("layers are frozen and let go", () => {
  expect(withFrozenLayer(RECIPE, "resnetLayers", 3).resnetLayers).toEqual([1, 2, 3]);
  expect(withFrozenLayer(RECIPE, "resnetLayers", 1).resnetLayers).toEqual([2]);
  const { name, layers } = layersOptionOf("hrnet18");
  expect(withFrozenLayer(RECIPE, name, 3)).toEqual({ ...RECIPE, hrnetLayers: [1, 2, 3] });
  expect(layers).toEqual([1, 2, 3]);
  expect(layersOptionOf(null).name).toBe("resnetLayers");
});

test("four scales with flips are eight views, the second of each scale changed", () => {
  const views = viewsOf({ ...RECIPE, scales: [0.25, 0.5, 0.75, 1], flips: true, grayscale: false });
  expect(views).toHaveLength(8);
  expect(views[5]).toEqual({ index: 5, scale: 0.75, isFlipped: true, isGray: false });
  expect(views[4]).toEqual({ index: 4, scale: 0.75, isFlipped: false, isGray: false });
});

test("undo and redo of fifty changes lead back to the same form", () => {
  for (let step = 1; step <= 50; step++) changeForm("iterations", (config) => ({ ...config, numEpochs: 10 + step }));
  const changed = useAdaptForm.getState().config;
  for (let step = 0; step < 50; step++) useHistory.getState().undo();
  expect(useAdaptForm.getState().config).toEqual(RECIPE);
  for (let step = 0; step < 50; step++) useHistory.getState().redo();
  expect(useAdaptForm.getState().config).toEqual(changed);
});

test("a change to the same value leaves no step behind", () => {
  changeForm("threshold", { ...RECIPE, threshold: RECIPE.threshold });
  expect(useHistory.getState().done).toEqual([]);
});

test("presets of other versions are filled up, and those that make no sense left out", () => {
  const presets = [
    { name: "old", config: { baseLr: 0.002 } },
    { name: "broken", config: { threshold: 7 } },
  ];
  expect(presetsFrom({ presets })).toEqual([{ name: "old", config: { ...RECIPE, baseLr: 0.002 } }]);
});

test("a preset of the same name is replaced", () => {
  const first = withPreset([], "mine", RECIPE);
  const second = withPreset(first, "mine", { ...RECIPE, numEpochs: 20 });
  expect(second.map(({ name, config }) => [name, config.numEpochs])).toEqual([["mine", 20]]);
});

test("says what is wrong with a form in a sentence", () => {
  expect(formProblem(RECIPE)).toBeNull();
  expect(formProblem({ ...RECIPE, threshold: 2 })).toBe("The threshold is between 0 and 1.");
});
