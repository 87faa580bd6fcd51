// A sample is what one image becomes for a step: named planes of numbers; a batch is such planes one after another.
import type { SourceImage } from "../../datasets/labelled-images.ts";
import type { SampleDraw } from "./sampler.ts";

export type PlaneData = Float32Array | Int32Array | Uint8Array;

export interface Plane {
  readonly shape: readonly number[];
  /** In C order. */
  readonly data: PlaneData;
}

/** By name: image [3, H, W], labels [H, W]. All samples of a stream have the same names, shapes and types. */
export type Sample = Readonly<Record<string, Plane>>;

/** By stream and name, with the batch as first axis: "source.image" [N, 3, H, W]. A stream without images has no planes. */
export type Batch = Readonly<Record<string, Plane>>;

/** Makes the sample of an image. Its random changes follow from the draw alone. */
export type SampleMaker = (image: SourceImage, draw: SampleDraw) => Sample | Promise<Sample>;

/** Where samples come from: this thread, or others. */
export interface SampleReader {
  read(stream: string, draw: SampleDraw): Promise<Sample>;
  dispose(): Promise<void>;
}

/** The same planes with one more axis in front. @throws RangeError for samples that differ in names or sizes */
export function stacked(samples: readonly Sample[]): Record<string, Plane> {
  const [first] = samples;
  if (first === undefined) return {};
  return Object.fromEntries(
    Object.entries(first).map(([name, { shape, data }]) => {
      const all = new (data.constructor as new (length: number) => PlaneData)(samples.length * data.length);
      for (const [k, sample] of samples.entries()) {
        const plane = sample[name];
        if (plane?.data.length !== data.length) throw new RangeError(`samples of different sizes in plane "${name}"`);
        all.set(plane.data, k * data.length);
      }
      return [name, { shape: [samples.length, ...shape], data: all }];
    }),
  );
}
