// Runs a method over a data set; every record is told once it is on the disk.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { packageRoot, packageVersion } from "../../../files/package-root.ts";
import { runEvaluation } from "../../evaluation/run-evaluation.ts";
import { RunningFigures } from "../../evaluation/running-figures.ts";
import { type ImageFigures, imageFigures } from "../../evaluation/summarize-evaluation.ts";
import type { Handler } from "../handler.ts";
import type { ModelCache } from "../model-cache.ts";
import { untilThereIsRoom } from "../until-there-is-room.ts";

const ALL_IMAGES = { index: 1, count: 1 };

export function evaluateHandler(models: ModelCache): Handler<"evaluate"> {
  return async ({ dataset, layout, split, checkpointPath, config, machine, folder: output }, { signal, tell }) => {
    const { model, read } = await models.get({ path: checkpointPath, machine, alpha: config.alpha }, signal);
    const { numClasses } = read.labelSet;
    let images = 0;
    let figures = new RunningFigures(numClasses, { evaluated: new Map(), failed: new Map() });
    const tellFigures = (image: ImageFigures | null): void =>
      tell({ type: "recorded", images, ...figures.counts, ...figures.scores, image });
    const wait = { signal, onFull: (message: string) => tell({ type: "noticed", message }) };
    try {
      const { notices } = await runEvaluation(
        { dataset, layout, split, config, shard: ALL_IMAGES, output, contained: true, savePredictions: true },
        { model, checkpoint: read.summary },
        {
          version: packageVersion(packageRoot()),
          signal,
          onEvent: () => undefined, // records say more
          onListed: (count, recorded) => {
            images = count;
            figures = new RunningFigures(numClasses, recorded);
            tellFigures(null);
          },
          onRecord: (record) => {
            figures.add(record);
            tellFigures("code" in record ? null : imageFigures(record, numClasses));
          },
          write: (act) => untilThereIsRoom(act, wait),
        },
      );
      for (const message of notices) tell({ type: "noticed", message });
    } catch (error) {
      // A runtime that failed, for want of memory as a rule, may hold what it should not.
      if (error instanceof AppError && error.code === "runtime.failed") await models.clear();
      throw error;
    }
    return null;
  };
}
