// What typed text becomes in a number field.
import { expect, it } from "vitest";
import { enteredNumber } from "../../../../src-renderer/components/number-entry.ts";

const ITERATIONS = { min: 0, max: 5000, step: 1 };
const RATE = { min: 0, max: 10, step: 0.01 };

it("keeps what is in the range, and goes to the nearer end outside", () => {
  expect(enteredNumber("0.00001", RATE)).toBe(0.00001);
  expect(enteredNumber(-3, RATE)).toBe(0);
  expect(enteredNumber("70", RATE)).toBe(10);
});

it("takes whole numbers only where the step is whole", () => {
  expect(enteredNumber(2.5, ITERATIONS)).toBe(3);
  expect(enteredNumber("0.4", ITERATIONS)).toBe(0);
  expect(enteredNumber(2.5, RATE)).toBe(2.5);
});

it("makes nothing of what is no number", () => {
  for (const typed of ["", "-", "."]) expect(enteredNumber(typed, RATE)).toBeNull();
});
