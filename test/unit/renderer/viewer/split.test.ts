// The divider of a split pane.
import { expect, test } from "vitest";
import { splitAfterKey, splitColumn, splitFromPointer } from "../../../../src-renderer/viewer/split.ts";

test("follows the pointer and stays in the pane", () => {
  const pane = { left: 100, width: 400 };
  expect(splitFromPointer(200, pane)).toBe(0.25);
  expect(splitFromPointer(0, pane)).toBe(0);
  expect(splitFromPointer(9999, pane)).toBe(1);
});

test("divides whole device pixels", () => {
  expect(splitColumn(0.5, 101)).toBe(51);
  expect(splitColumn(0, 101)).toBe(0);
  expect(splitColumn(1, 101)).toBe(101);
});

test("moves by keys, ten times as far with Shift, and leaves other keys alone", () => {
  expect(splitAfterKey(0.5, "ArrowLeft", false)).toBeCloseTo(0.49);
  expect(splitAfterKey(0.5, "ArrowRight", true)).toBeCloseTo(0.6);
  expect(splitAfterKey(0.95, "ArrowRight", true)).toBe(1);
  expect(splitAfterKey(0.5, "Home", false)).toBe(0);
  expect(splitAfterKey(0.5, "End", false)).toBe(1);
  expect(splitAfterKey(0.5, "a", false)).toBeNull();
});
