// The importance weights that a training asks for: none, those of a file, or counted before its first step.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { COUNTED } from "../../../../src-shared/contract/training/da-sac.ts";
import type { TrainingConfig } from "../../../../src-shared/contract/training/training-config.ts";
import type { Runtime } from "../../runtimes/runtime.ts";
import type { TrainingData } from "../../training/training-data.ts";
import type { ClassShares, GivenWeights } from "../../training/training-method.ts";
import { SegmentationModel } from "../shared/segmentation-model.ts";
import { STUDENT } from "./baseline-step.ts";
import { daSac } from "./method.ts";
import { type CountingOptions, countedShares, sharesFromFile } from "./target-shares.ts";

export interface SharesRequest {
  /** A file, `count`, or null: all target images are drawn alike. */
  readonly weights: string | null;
  readonly config: TrainingConfig;
  readonly data: TrainingData;
  /** Of the target, where it is a folder: names in a file are looked up below it. */
  readonly root: string | null;
  readonly given: GivenWeights | undefined;
  readonly runtime: Runtime;
}

export interface SharesOptions extends CountingOptions {
  /** Hears a sentence about classes that are predicted nowhere. */
  readonly onNotice?: (message: string) => void;
}

/**
 * @throws AppError `input.option` for another method, without weights to count by, and for weights of other images; those of
 *         reading the file and of a checkpoint that does not fit
 * @throws CancelledError
 */
export async function openTargetShares(
  { weights, config, data, root, given, runtime }: SharesRequest,
  options: SharesOptions = {},
): Promise<readonly ClassShares[] | undefined> {
  if (weights === null) return undefined;
  const { target } = data.images;
  if (config.method !== "da-sac" || target === undefined || data.listed.target === undefined) {
    throw refused(`the method ${config.method} draws its images alike; leave the option out.`);
  }
  if (weights !== COUNTED) return sharesFromFile(weights, data.listed.target, root ?? "");
  if (given === undefined) {
    throw refused("counting needs weights that predict the target; name the baseline with --initial-weights.");
  }
  const { [STUDENT]: student } = daSac.networks(config, given);
  if (student === undefined) return undefined;
  const model = new SegmentationModel(runtime, student.architecture, student.start);
  try {
    const { shares, unseen } = await countedShares(model, target, options);
    if (unseen.length > 0) {
      const ids = unseen.join(", ");
      options.onNotice?.(`Classes predicted in no target image (${ids}): for these all images are drawn alike.`);
    }
    return shares;
  } finally {
    await model.dispose();
  }
}

function refused(why: string): AppError {
  return new AppError("input.option", `--importance-weights: ${why}`);
}
