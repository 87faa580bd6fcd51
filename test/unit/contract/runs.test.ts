// The form of a run, as the server takes it.
import { describe, expect, it } from "vitest";
import { MAX_ITERATIONS, runConfigFormSchema, startSweepSchema } from "../../../src-shared/contract/workbench/runs.ts";

describe("the number of iterations", () => {
  it("is the recipe's unless it is given", () => {
    expect(runConfigFormSchema.parse({}).numEpochs).toBe(10);
  });

  it("has an end: the stops of a run are listed before it starts, and a billion of them fill the memory", () => {
    expect(runConfigFormSchema.parse({ numEpochs: MAX_ITERATIONS }).numEpochs).toBe(MAX_ITERATIONS);
    for (const numEpochs of [-1, 1.5, MAX_ITERATIONS + 1, 1e9]) {
      expect(runConfigFormSchema.safeParse({ numEpochs }).success).toBe(false);
      const grid = { baseLr: [0.05], numEpochs: [numEpochs], threshold: [0.7] };
      expect(startSweepSchema.shape.grid.safeParse(grid).success).toBe(false);
    }
  });
});
