// Images of a batch with their labels, as pictures to look at.
import { pictureOfCaffe } from "../../images/caffe-pixels.ts";
import type { Batch, Plane } from "../../training/samples/sample.ts";
import type { Preview } from "../../training/training-method.ts";
import { planeOf } from "../shared/batch-planes.ts";

/** The first image of a stream. */
export function labelledPreview(name: string, batch: Batch, stream: string): Preview {
  return pairPreview(name, planeOf(batch, `${stream}.image`), planeOf(batch, `${stream}.labels`));
}

/** @param image  [N, 3, H, W] @param labels  [N, H, W]; the first of either is shown */
export function pairPreview(name: string, image: Plane, labels: Pick<Plane, "data">): Preview {
  const [, , height = 0, width = 0] = image.shape;
  const plane = height * width;
  const pixels = Float32Array.from(image.data.subarray(0, 3 * plane));
  return {
    name,
    labels: { width, height, data: Uint8Array.from(labels.data.subarray(0, plane)) },
    picture: pictureOfCaffe(pixels, [height, width]),
  };
}
