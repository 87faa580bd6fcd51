// Every op on random places: ONNX and TensorFlow.js agree, and gradient rules fit differences and TensorFlow.js's own autodiff.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OPS } from "../../../../../src-main/engine/graph/ops/index.ts";
import { checkGradient, gradientsOn } from "../../../../helpers/check-gradient.ts";
import { GRADIENT_TABLE, type GradientRow, WITHOUT_GRADIENT_CHECK } from "../../../../helpers/gradient-table.ts";
import { onnxRuntime, tfjsRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { tfjsGradients } from "../../../../helpers/tfjs-gradient.ts";
import "../../../../helpers/to-be-all-close.ts";
import { TOLERANCES } from "../../../../helpers/tolerances.ts";

/** Fixed, so that a failure comes back; another seed is a good idea when an op changes. */
const RUNS = { seed: 20240229, numRuns: 25 };

const title = ({ op, variant }: GradientRow) => (variant === undefined ? op : `${op}, ${variant}`);

test("every op has a gradient check, or a reason to have none", () => {
  const checked = new Set<string>(GRADIENT_TABLE.map(({ op }) => op));
  const excused = Object.keys(WITHOUT_GRADIENT_CHECK);
  expect(excused.filter((name) => checked.has(name))).toEqual([]);
  expect([...checked, ...excused].sort()).toEqual(Object.keys(OPS).sort());
});

test("every op is entered by its own name", () => {
  expect(Object.values(OPS).map(({ name }) => name)).toEqual(Object.keys(OPS));
});

describe.each(GRADIENT_TABLE.map((row) => [title(row), row] as const))("%s", (_, row) => {
  const valueTolerance = row.isPolynomial ? TOLERANCES.polynomial : TOLERANCES.values;

  test("values and gradients agree between runtimes, gradients with differences of values", async () => {
    await fc.assert(
      fc.asyncProperty(row.cases, async (testCase) => {
        const onnx = await checkGradient(onnxRuntime, testCase, testCase.seed);
        const tfjs = await gradientsOn(tfjsRuntime, testCase, testCase.seed);
        expect(tfjs.value).toBeAllClose(onnx.value, valueTolerance);
        for (const [position, gradient] of onnx.gradients) {
          expect(tfjs.gradients.get(position) ?? []).toBeAllClose(gradient, TOLERANCES.gradients);
        }
      }),
      RUNS,
    );
  });

  const reason = row.withoutAutodiff === undefined ? "" : ` (skipped: ${row.withoutAutodiff})`;
  test.skipIf(row.withoutAutodiff)(`gradients agree with TensorFlow.js's autodiff${reason}`, async () => {
    await fc.assert(
      fc.asyncProperty(row.cases, async (testCase) => {
        const ours = await gradientsOn(tfjsRuntime, testCase, testCase.seed);
        for (const [position, gradient] of tfjsGradients(testCase, ours.weights)) {
          expect(ours.gradients.get(position) ?? []).toBeAllClose(gradient, TOLERANCES.gradients);
        }
      }),
      RUNS,
    );
  });
});
