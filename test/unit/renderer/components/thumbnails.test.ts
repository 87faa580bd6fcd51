import { describe, expect, it } from "vitest";
import { paintThumbnail } from "../../../../src-renderer/components/paint-thumbnail.ts";
import { sparklinePath } from "../../../../src-renderer/components/sparkline-path.ts";

describe("a plane as a small picture", () => {
  const colors = new Uint8Array(256 * 4);
  colors.set([1, 2, 3, 255], 0);
  colors.set([4, 5, 6, 255], 4);

  it("takes pixels as they are and mixes none", () => {
    const plane = Uint8Array.from([0, 0, 1, 1, 0, 0, 1, 1]);
    const { width, height, pixels } = paintThumbnail(plane, { width: 4, height: 2 }, colors, 2);
    expect([width, height]).toEqual([2, 1]);
    expect([...pixels]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
  });

  it("is never larger than the plane", () => {
    expect(paintThumbnail(Uint8Array.from([1]), { width: 1, height: 1 }, colors, 256)).toMatchObject({
      width: 1,
      height: 1,
    });
  });
});

describe("a small line", () => {
  it("goes from the left to the right and down as values fall", () => {
    expect(sparklinePath([1, 0], 100, 20)).toBe("M2.0 2.0L98.0 18.0");
  });

  it("is a line in the middle where nothing changes, and nothing without values", () => {
    expect(sparklinePath([3, 3], 100, 20)).toBe("M2.0 10.0L98.0 10.0");
    expect(sparklinePath([3], 100, 20)).toBe("M2.0 10.0L98 10.0");
    expect(sparklinePath([Number.NaN], 100, 20)).toBe("");
  });
});
