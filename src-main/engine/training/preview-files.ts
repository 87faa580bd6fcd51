// Where the pictures that a training shows lie, below the folder of its previews.
import { join } from "node:path";

/** Its files are named by the step alone, as when there were no others. */
const PREDICTION = "prediction";

export function previewFiles(folder: string) {
  const stem = (step: number, name: string): string => (name === PREDICTION ? `${step}` : `${step}-${name}`);
  return {
    /** PNG of what the previews without a picture of their own are of. */
    previewImage: join(folder, "image.png"),
    /** Train ids, gzip of uint8 [H, W]. */
    preview: (step: number, name: string): string => join(folder, `${stem(step, name)}.gz`),
    /** PNG of what this one is of. */
    previewPicture: (step: number, name: string): string => join(folder, `${stem(step, name)}.png`),
  };
}
