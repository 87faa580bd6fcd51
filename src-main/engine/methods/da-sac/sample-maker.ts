// What the streams of both trainings make of an image: named planes for a batch.
import type { DaSacBaselineConfig, DaSacConfig } from "../../../../src-shared/contract/training/da-sac.ts";
import type { SampleMaker } from "../../training/samples/sample.ts";
import type { PlainSample } from "./plain-sample.ts";
import { baselineSamples, consistencySamples } from "./samples.ts";
import type { TargetSample } from "./target-sample.ts";

/** Of a stream: which of the two domains it is, and the whole configuration. */
export interface StreamSettings<C> {
  readonly domain: "source" | "target";
  readonly config: C;
}

export function baselineSampleMaker(settings: unknown): SampleMaker {
  const { domain, config } = settings as StreamSettings<DaSacBaselineConfig>;
  const { [domain]: make } = baselineSamples(config);
  return (image, { draw, place }) => plainPlanes(make(image, { iteration: draw, place }), config.cropSize);
}

export function consistencySampleMaker(settings: unknown): SampleMaker {
  const { domain, config } = settings as StreamSettings<DaSacConfig>;
  const { source, target } = consistencySamples(config);
  return (image, { draw, place }) =>
    domain === "source"
      ? plainPlanes(source(image, { iteration: draw, place }), config.cropSize)
      : cropPlanes(target(image, { iteration: draw, place }), config);
}

function plainPlanes({ image, labels }: PlainSample, [height, width]: readonly [number, number]) {
  return { image: { shape: [3, height, width], data: image }, labels: { shape: [height, width], data: labels } };
}

function cropPlanes(sample: TargetSample, { copies, cropSize }: Pick<DaSacConfig, "copies" | "cropSize">) {
  const [height, width] = cropSize;
  return {
    student: { shape: [copies, 3, height, width], data: sample.student },
    teacher: { shape: [copies, 3, height, width], data: sample.teacher },
    labels: { shape: [copies, height, width], data: sample.labels },
    affine: { shape: [copies, 2, 3], data: sample.affine },
    affineInverse: { shape: [copies, 2, 3], data: sample.affineInverse },
  };
}
