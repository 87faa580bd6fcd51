// What typed text becomes in a number field, and how numbers are written there.
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  enteredNumber,
  formatNumber,
  mayBecomeNumber,
  parseNumber,
  steppedText,
} from "../../../../src-renderer/components/number-text.ts";

const ITERATIONS = { min: 0, max: 5000, step: 1 };
const RATE = { min: 0, max: 10, step: 0.005 };

it("reads scientific notation, decimal commas, and minus signs as they are set in print", () => {
  expect(["1e-4", "1E-4", "2.5e+1", " 1,5 ", "0,005", ".5", "5.", "−2"].map(parseNumber)).toEqual([
    0.0001, 0.0001, 25, 1.5, 0.005, 0.5, 5, -2,
  ]);
});

it("makes nothing of what is no number, or could be two", () => {
  const typed = ["", "-", ".", "e", "1e", "abc", "1 000", "5 %", "0x10", "Infinity", "1e999", "1.5.2", "1,500"];
  for (const text of typed) expect(parseNumber(text), text).toBeNull();
});

it("reads back every number that it writes", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(parseNumber(formatNumber(value))).toBe(value === 0 ? 0 : value);
    }),
  );
  expect(formatNumber(1e-4)).toBe("0.0001");
  expect(formatNumber(null)).toBe("");
});

it("keeps what is in the range, and says so where it goes to the nearer end", () => {
  expect(enteredNumber("0.00001", RATE)).toEqual({ value: 0.00001, problem: null });
  expect(enteredNumber("-3", RATE)).toEqual({ value: 0, problem: 'A number from 0 to 10; "-3" became 0.' });
  expect(enteredNumber("70", RATE).value).toBe(10);
});

it("takes whole numbers only where the step is whole", () => {
  expect(enteredNumber("2.5", ITERATIONS)).toEqual({
    value: 3,
    problem: 'A whole number from 0 to 5000; "2.5" became 3.',
  });
  expect(enteredNumber("3", ITERATIONS)).toEqual({ value: 3, problem: null });
  expect(enteredNumber("2.5", RATE).value).toBe(2.5);
});

it("says what is wrong with a text that is no number", () => {
  expect(enteredNumber("fast", RATE)).toEqual({ value: null, problem: '"fast" is no number.' });
  expect(enteredNumber("", RATE)).toEqual({ value: null, problem: "A number from 0 to 10, not empty." });
  expect(enteredNumber("1,500", RATE).problem).toBe('"1,500" could be 1500 or 1.500: write it without a comma.');
});

it("does not complain about a number that is still being typed", () => {
  for (const text of ["", "-", "1,", "1e", "1e-", "."]) expect(mayBecomeNumber(text), text).toBe(true);
  for (const text of ["a", "1x", "1e-4e", "1.2.3"]) expect(mayBecomeNumber(text), text).toBe(false);
});

it("steps from what is typed, inside the range and without noise", () => {
  expect(steppedText("0.1", null, 1, { min: 0, max: 1, step: 0.2 })).toBe("0.3");
  expect(steppedText("0.0001", null, 1, RATE)).toBe("0.0051");
  expect(steppedText("0", 0, -1, RATE)).toBe("0");
  expect(steppedText("nonsense", 4, 1, ITERATIONS)).toBe("5");
  expect(steppedText("", null, 1, { min: 1, max: 9, step: 1 })).toBe("1");
});
