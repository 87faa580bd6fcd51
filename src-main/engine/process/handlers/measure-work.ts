// Says how much there is to compute in a run, or a training, before it starts.

import { architectureFrom } from "../architecture-from.ts";
import type { Handler } from "../handler.ts";
import { runWork } from "../run-work.ts";
import { trainingWork } from "../training-work.ts";

export const measureWork: Handler<"measureWork"> = async ({ network, size, config }) =>
  runWork(await architectureFrom(network), size, config);

export const measureTraining: Handler<"measureTraining"> = async ({ config, images }) => trainingWork(config, images);
