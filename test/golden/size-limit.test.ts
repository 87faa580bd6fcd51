// The resize of an image above the size limit, against the original's.
import { describe, expect, it } from "vitest";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { limitSize } from "../../src-main/engine/images/limit-size.ts";
import { FIXTURES, readCase } from "../helpers/golden-model.ts";

const FOLDER = "I-size-limit";

interface SizeLimitCase {
  readonly image: string;
  readonly resized: string;
  readonly image_size_wh: readonly [number, number];
  readonly size_limit_hw: readonly [number, number];
}

describe("an image above the size limit", () => {
  const golden = readCase<SizeLimitCase>(FOLDER);
  const [height, width] = golden.size_limit_hw;

  it("becomes exactly as large as the limit, with the original's pixels", async () => {
    const image = await decodeImage(`${FIXTURES}${FOLDER}/${golden.image}`);
    expect([image.width, image.height]).toEqual(golden.image_size_wh);
    expect(limitSize(image, { width, height })).toEqual(await decodeImage(`${FIXTURES}${FOLDER}/${golden.resized}`));
  });

  it("stays as it is when its area is just the limit's", async () => {
    const image = await decodeImage(`${FIXTURES}${FOLDER}/${golden.image}`);
    expect(limitSize(image, { width: image.height, height: image.width })).toBe(image);
  });
});
