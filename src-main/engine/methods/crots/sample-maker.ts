// What the streams of both stages make of an image: planes for a batch. Nothing is random in them.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import { caffePixels } from "../../images/caffe-pixels.ts";
import type { Sample, SampleMaker } from "../../training/samples/sample.ts";
import { preparedImage, preparedLabels, type Size } from "./prepared.ts";

/** Plain data. */
export interface StreamSettings {
  readonly size: Size;
  readonly hasLabels: boolean;
}

/** @param settings  a `StreamSettings` */
export function crotsSampleMaker(settings: unknown): SampleMaker {
  const { size, hasLabels } = settings as StreamSettings; // what `samples` of these methods gave
  return ({ image, labels }): Sample => {
    const pixels = { shape: [3, ...size], data: caffePixels(preparedImage(image, size)) };
    if (!hasLabels) return { image: pixels };
    if (labels === null) throw new BugError("this stream reads labelled images");
    // A copy: samples are handed over to another thread.
    const own = Int32Array.from(preparedLabels(labels, size).data);
    return { image: pixels, labels: { shape: [...size], data: own } };
  };
}
