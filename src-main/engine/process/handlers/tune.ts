// Tunes on images of the workspace: every trial is told once it is on the disk.

import type { EngineInput } from "../../../../src-shared/contract/engine-protocol.ts";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { TOLD_SETTINGS } from "../../../../src-shared/contract/tuning.ts";
import type { LabelSet } from "../../../../src-shared/labels/label-sets.ts";
import { packageRoot, packageVersion } from "../../../files/package-root.ts";
import { readLabels } from "../../datasets/read-labels.ts";
import type { TrialImage } from "../../evaluation/tuning/run-trial.ts";
import { tune } from "../../evaluation/tuning/tune.ts";
import { decodeImage } from "../../images/decode-image.ts";
import type { Handler } from "../handler.ts";
import type { ModelCache } from "../model-cache.ts";

export function tuneHandler(models: ModelCache): Handler<"tune"> {
  return async ({ images, checkpointPath, plan, machine, folder }, { signal, tell }) => {
    const modelRequest = { path: checkpointPath, machine };
    const { read } = await models.get({ ...modelRequest, alpha: plan.start.alpha });
    const header = {
      acclimate: packageVersion(packageRoot()),
      checkpointSha256: read.summary.sha256,
      images: images.map(({ key }) => key),
      labelled: images.filter(({ labels }) => labels !== null).map(({ key }) => key),
    };
    const byKey = new Map(images.map((image) => [image.key, image]));
    try {
      await tune(
        { header, plan, folder },
        {
          signal,
          load: (key) => loadedImage(byKey.get(key), read.labelSet, signal),
          modelWith: async (alpha) => (await models.get({ ...modelRequest, alpha })).model,
          onTried: (result) =>
            tell({ type: "tried", result: { ...result, ranking: result.ranking.slice(0, TOLD_SETTINGS) } }),
        },
      );
    } catch (error) {
      // A runtime that failed, for want of memory as a rule, may hold what it should not.
      if (error instanceof AppError && error.code === "runtime.failed") await models.clear();
      throw error;
    }
    return null;
  };
}

type Image = EngineInput<"tune">["images"][number];

async function loadedImage(given: Image | undefined, model: LabelSet, signal: AbortSignal): Promise<TrialImage> {
  if (given === undefined) throw new AppError("input.missing", "An image of this tuning is not there any more.");
  const image = await decodeImage(given.path);
  if (given.labels === null) return { image, labels: null };
  const { path, encoding } = given.labels;
  const source = { imagePath: given.path, labelPath: path, labelEncoding: encoding };
  return { image, labels: (await readLabels(source, model, signal)).labels };
}
