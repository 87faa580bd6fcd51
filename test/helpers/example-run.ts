// A finished run as the workspace remembers one, to be changed as a test needs it.
import type { RunId } from "../../src-shared/contract/workbench/ids.ts";
import { type Run, type RunMethod, runConfigFormSchema, runSchema } from "../../src-shared/contract/workbench/runs.ts";

export interface ExampleRun {
  readonly id?: string;
  readonly key?: string;
  readonly method?: RunMethod;
  readonly changes?: Partial<Run>;
}

/** An adaptation of two iterations over an image of 8 x 4 pixels, without labels. */
export function exampleRun({
  id = "runrunrunrun",
  key = "night/000.png",
  method = "adapt",
  changes = {},
}: ExampleRun = {}): Run {
  const kept = (method === "predict" ? [0] : method === "tta" ? [0, 1] : [0, 1, 2]).map((iteration) => ({
    iteration,
    scores: null,
    meanConfidence: 0.5,
    meanEntropy: 0.25,
  }));
  const run = {
    id: id as RunId,
    groupId: null,
    status: "finished",
    method,
    config: runConfigFormSchema.parse({ method, numEpochs: 2 }),
    image: { id: "imageimage", datasetId: "datasetdataset", key },
    checkpoint: { id: "checkpointcheckpoint", name: "tiny", numClasses: 19 },
    createdAt: Date.UTC(2024, 0, 2, 3, 4),
    startedAt: 1,
    endedAt: 2,
    error: null,
    miouBefore: null,
    miouAfter: null,
    lastLoss: null,
    notes: "",
    machine: { runtime: "onnx", provider: "cpu", threads: 1 },
    size: { width: 8, height: 4 },
    losses: method === "adapt" ? [0.5, 0.25] : [],
    kept,
    views: [],
    pseudoLabel: null,
    lastEvent: null,
    provenance: {
      acclimate: "0.1.0",
      checkpointSha256: "0".repeat(64),
      imageSha256: "0".repeat(64),
      runtime: "onnx",
      provider: "cpu",
      threads: 1,
      machine: "test",
    },
  };
  return { ...runSchema.parse(run), ...changes };
}
