// Names of exported files: readable, and never the same twice.
import fc from "fast-check";
import { expect, test } from "vitest";
import { fileName, runNames } from "../../../../src-main/server/services/export-names.ts";
import { exampleRun } from "../../../helpers/example-run.ts";

test("a run goes by its image's path without extension", () => {
  const run = exampleRun({ key: "night/munich.v2/000.png" });
  expect([...runNames([run]).values()]).toEqual(["night/munich.v2/000"]);
  expect(fileName("night/munich.v2/000", "trainIds")).toBe("night/munich.v2/000_trainIds.png");
});

test("runs over one image, or images whose names a disk may take for one, get a part of their ids", () => {
  const runs = [
    exampleRun({ id: "aaaaaaaa1", key: "a.png" }),
    exampleRun({ id: "bbbbbbbb2", key: "a.png" }),
    exampleRun({ id: "cccccccc3", key: "A.jpg" }),
    exampleRun({ id: "dddddddd4", key: "b.png" }),
  ];
  expect([...runNames(runs).values()]).toEqual(["a_aaaaaaaa", "a_bbbbbbbb", "A_cccccccc", "b"]);
});

test("names are never the same, in any case", () => {
  const key = fc
    .array(fc.constantFrom("a", "A", "b", "/"), { minLength: 1, maxLength: 3 })
    .map((part) => part.join(""));
  fc.assert(
    fc.property(fc.array(key, { maxLength: 12 }), (keys) => {
      const runs = keys.map((name, i) => exampleRun({ id: `${i}`.padStart(8, "r"), key: `${name}.png` }));
      const names = [...runNames(runs).values()].map((name) => name.toLowerCase());
      expect(new Set(names).size).toBe(keys.length);
    }),
    { numRuns: 50 },
  );
});
