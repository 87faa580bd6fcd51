// Samples of a data set in which some files can't be used: another image takes the place of each, and training goes on.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { isFaultOfFile } from "../../../../src-shared/contract/file-faults.ts";
import type { SampleReader } from "./sample.ts";

/** Hears once of each image that is left out. */
export type OnLeftOut = (message: string) => void;

/**
 * In place of an image that can't be read comes the next one of the data set, changed as the draw says. Which one it is follows
 * from the files alone, so that a run that was stopped goes on with the same samples.
 *
 * @param countOf  images of a stream
 * @throws AppError of the first image, when no other can be read either
 */
export function withoutBadImages(
  reader: SampleReader,
  countOf: (stream: string) => number,
  onLeftOut: OnLeftOut,
): SampleReader {
  const bad = new Map<string, AppError>();
  const isBad = (stream: string, place: number) => bad.get(`${stream} ${place}`);
  return {
    read: async (stream, draw) => {
      const count = countOf(stream);
      let first: AppError | undefined;
      for (let tried = 0; tried < count; tried += 1) {
        const place = (draw.place + tried) % count;
        const known = isBad(stream, place);
        first ??= known;
        if (known !== undefined) continue;
        try {
          return await reader.read(stream, { ...draw, place });
        } catch (error) {
          if (!isOneImage(error)) throw error;
          first ??= error;
          if (isBad(stream, place) === undefined) onLeftOut(leftOutWords(error));
          bad.set(`${stream} ${place}`, error);
        }
      }
      throw first ?? new RangeError(`no images for the stream "${stream}"`);
    },
    dispose: () => reader.dispose(),
  };
}

/** Whether the failure is that of one image, which another can stand in for. */
export function isOneImage(error: unknown): error is AppError {
  return isFaultOfFile(error) || (error instanceof AppError && error.code === "input.missing");
}

export function leftOutWords({ message }: AppError): string {
  return `An image is left out: ${message}`;
}
