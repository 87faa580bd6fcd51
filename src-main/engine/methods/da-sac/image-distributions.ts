// How likely each target image is when a class is to come up: by its importance weights, and a share for all alike.
import { AppError, BugError } from "../../../../src-shared/contract/errors.ts";
import type { DaSacConfig } from "../../../../src-shared/contract/training/da-sac.ts";
import type { ImageDistributions } from "../../training/samples/importance-sampler.ts";
import type { ClassShares } from "./importance-weights.ts";

type SamplerSettings = Pick<DaSacConfig, "numClasses" | "uniformShare" | "ignoredClasses">;

/** How far from 1 the probabilities of a class may sum. */
const TOLERANCE = 1e-3;

/**
 * A share of the probability is the same for all images, the rest goes by the images' shares of the class. Ignored classes
 * draw all images alike, and so do all classes without weights. Source: spec "6.3 Sampling".
 *
 * @param weights  one entry an image, in the order of the target; null: none
 * @throws AppError `input.option` for a class that no image is predicted to have, and is not ignored
 */
export function imageDistributions(
  weights: readonly ClassShares[] | null,
  images: number,
  { numClasses, uniformShare, ignoredClasses }: SamplerSettings,
): ImageDistributions {
  if (weights !== null && weights.length !== images) {
    throw new BugError(`weights of ${weights.length} images for ${images}`);
  }
  return Array.from({ length: numClasses }, (_, id) => {
    const isUniform = weights === null || ignoredClasses.includes(id);
    const cumulative = new Float64Array(images);
    let sum = 0;
    for (let image = 0; image < images; image++) {
      const share = isUniform ? 0 : (weights[image]?.get(id) ?? 0);
      sum += isUniform ? 1 / images : uniformShare / images + (1 - uniformShare) * share;
      cumulative[image] = sum;
    }
    if (Math.abs(sum - 1) <= TOLERANCE) return cumulative;
    throw new AppError("input.option", refusal(id, sum, uniformShare));
  });
}

function refusal(id: number, sum: number, uniformShare: number): string {
  if (Math.abs(sum - uniformShare) > TOLERANCE) {
    return `The importance weights of class ${id} do not sum to 1 over the images; make them anew with \`acclimate importance-weights\`.`;
  }
  return (
    `Class ${id} is predicted in none of the target images, so none can be drawn for it; ` +
    "add it to the ignored classes, or make weights from other predictions."
  );
}
