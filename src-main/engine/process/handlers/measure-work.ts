// Says how much there is to compute in a run, or a training, before it starts.

import { detectArchitecture } from "../../models/detect-architecture.ts";
import type { Handler } from "../handler.ts";
import { runWork } from "../run-work.ts";
import { trainingWork } from "../training-work.ts";

export const measureWork: Handler<"measureWork"> = async ({ shapes, size, config }) => {
  const keys = new Map(Object.entries(shapes).map(([key, shape]) => [key, { shape }]));
  return runWork(detectArchitecture(keys, "checkpoint"), size, config);
};

export const measureTraining: Handler<"measureTraining"> = async ({ config, images }) => trainingWork(config, images);
