// A batch cut into the parts that pass through the network one after another.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import type { Batch } from "../../training/samples/sample.ts";

export interface BatchPart {
  /** Images. */
  readonly size: number;
  /** float32 [N, 3, H, W], ImageNet-normalised. */
  readonly images: Float32Array;
  /** int32 [N, 1, H, W], train ids. */
  readonly labels: Int32Array;
  /** Pixels that count in the loss. */
  readonly labelledPixels: number;
}

/**
 * @param batch    with the planes of `sourceSampleMaker` in the stream "source"
 * @param perPart  images; the last part may have fewer
 */
export function partsOf(batch: Batch, perPart: number, numClasses: number): BatchPart[] {
  const { "source.image": images, "source.labels": labels } = batch;
  if (!(images?.data instanceof Float32Array) || !(labels?.data instanceof Uint8Array)) {
    throw new BugError("a batch without images and labels");
  }
  const [count = 0] = images.shape;
  const pixels = labels.data.length / count;
  const parts: BatchPart[] = [];
  for (let first = 0; first < count; first += perPart) {
    const size = Math.min(perPart, count - first);
    const ids = labels.data.subarray(first * pixels, (first + size) * pixels);
    let labelledPixels = 0;
    for (const id of ids) if (id < numClasses) labelledPixels += 1;
    parts.push({
      size,
      images: images.data.subarray(first * 3 * pixels, (first + size) * 3 * pixels),
      labels: new Int32Array(ids),
      labelledPixels,
    });
  }
  return parts;
}
