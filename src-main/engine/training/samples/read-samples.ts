// Makes the samples of a method's streams in this thread, and puts those of a step together.
import type { SourceImages } from "../../datasets/labelled-images.ts";
import type { DataRole, SamplePlan } from "../training-method.ts";
import { type Batch, type SampleMaker, type SampleReader, stacked } from "./sample.ts";

/** The images of a run by their roles. */
export type RoleImages = Readonly<{ source: SourceImages; target?: SourceImages }>;

/** A stream as a reading thread needs it: plain data. */
export interface StreamRecipe {
  readonly data: DataRole;
  readonly settings: unknown;
}
export type StreamRecipes = Readonly<Record<string, StreamRecipe>>;

/** @throws RangeError when a stream asks for images that there are none of */
export function sampleReader(
  images: RoleImages,
  streams: StreamRecipes,
  makerOf: (settings: unknown) => SampleMaker,
): SampleReader {
  const makers = new Map(Object.entries(streams).map(([name, { settings }]) => [name, makerOf(settings)]));
  return {
    read: async (stream, draw) => {
      const make = makers.get(stream);
      const data = images[streams[stream]?.data ?? "source"];
      if (make === undefined || data === undefined) throw new RangeError(`no images for the stream "${stream}"`);
      return make(await data.read(draw.place), draw);
    },
    dispose: () => Promise.resolve(),
  };
}

/**
 * Reads what a step needs, all images at the same time.
 *
 * @returns the batch and how many samples are in it
 */
export async function readBatch(
  reader: SampleReader,
  streams: SamplePlan["streams"],
  step: number,
): Promise<{ readonly batch: Batch; readonly images: number }> {
  const read = await Promise.all(
    Object.entries(streams).map(async ([name, { sampler }]) => {
      const samples = await Promise.all(sampler.draws(step).map((draw) => reader.read(name, draw)));
      const planes = Object.entries(stacked(samples)).map(([plane, data]) => [`${name}.${plane}`, data] as const);
      return { planes, images: samples.length };
    }),
  );
  return {
    batch: Object.fromEntries(read.flatMap(({ planes }) => planes)),
    images: read.reduce((sum, { images }) => sum + images, 0),
  };
}
