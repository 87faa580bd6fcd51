// One bad file among the images of a training: another takes its place, always the same.
import { describe, expect, it } from "vitest";
import type { Sample } from "../../../../../src-main/engine/training/samples/sample.ts";
import { withoutBadImages } from "../../../../../src-main/engine/training/samples/without-bad-images.ts";
import { AppError, type ErrorCode } from "../../../../../src-shared/contract/errors.ts";

const COUNT = 4;

/** Images of which some are bad; a sample is the place and the draw that made it. */
function reader(bad: Readonly<Record<number, ErrorCode>>, onLeftOut: (message: string) => void = () => undefined) {
  const asked: number[] = [];
  const made = withoutBadImages(
    {
      read: async (_stream, { place, draw }): Promise<Sample> => {
        asked.push(place);
        const code = bad[place];
        if (code !== undefined) throw new AppError(code, `image ${place} is bad`);
        return { made: { shape: [2], data: Int32Array.of(place, draw) } };
      },
      dispose: async () => undefined,
    },
    () => COUNT,
    onLeftOut,
  );
  const read = async (place: number, draw = 0) => [...((await made.read("source", { place, draw })).made?.data ?? [])];
  return { read, asked };
}

describe("withoutBadImages", () => {
  it("takes the next image in place of a bad one, with the same draw, and names it once", async () => {
    const said: string[] = [];
    const { read, asked } = reader({ 1: "image.damaged" }, (message) => said.push(message));
    expect(await read(0, 7)).toEqual([0, 7]);
    expect(await read(1, 7)).toEqual([2, 7]);
    expect(await read(1, 8)).toEqual([2, 8]);
    expect(said).toEqual(["An image is left out: image 1 is bad"]);
    expect(asked).toEqual([0, 1, 2, 2]); // a bad one is not tried again
  });

  it("goes round at the end, and over several bad ones", async () => {
    const { read } = reader({ 2: "label.ids", 3: "input.missing", 0: "label.size" });
    expect(await read(2)).toEqual([1, 0]);
    expect(await read(3)).toEqual([1, 0]);
  });

  it("gives the same whatever was read before, so that a stopped run goes on with the same images", async () => {
    const bad = { 0: "image.format", 1: "image.damaged" } as const;
    const first = reader(bad);
    for (const place of [3, 1, 0]) await first.read(place);
    expect(await first.read(0)).toEqual(await reader(bad).read(0));
  });

  it("ends with the first failure when no image is left", async () => {
    const { read } = reader({ 0: "image.damaged", 1: "image.damaged", 2: "image.damaged", 3: "image.damaged" });
    await expect(read(2)).rejects.toThrow("image 2 is bad");
    await expect(read(2)).rejects.toThrow("image 2 is bad");
  });

  it("does not take another failure for a bad file", async () => {
    await expect(reader({ 1: "output.diskFull" }).read(1)).rejects.toMatchObject({ code: "output.diskFull" });
  });
});
