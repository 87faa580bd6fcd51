// Pins belong to an image, and every click sets one or takes it away.
import { expect, test } from "vitest";
import { pinsIn, withPin } from "../../../../src-renderer/panes/pins.ts";
import { imageIdSchema } from "../../../../src-shared/contract/workbench/ids.ts";

const [image, other] = [imageIdSchema.parse("image001"), imageIdSchema.parse("image002")];
const none = { imageId: null, pins: [] };

test("a pixel is pinned and let go by the same click; the seventh pin replaces the first", () => {
  const pinned = withPin(none, image, { x: 3, y: 4 });
  expect(pinsIn(pinned, image)).toEqual([{ x: 3, y: 4 }]);
  expect(pinsIn(withPin(pinned, image, { x: 3, y: 4 }), image)).toEqual([]);
  let pins: Parameters<typeof withPin>[0] = none;
  for (let x = 0; x < 7; x++) pins = withPin(pins, image, { x, y: 0 });
  expect(pinsIn(pins, image).map(({ x }) => x)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("another image has none of them, and pinning there starts anew", () => {
  const pinned = withPin(none, image, { x: 3, y: 4 });
  expect(pinsIn(pinned, other)).toEqual([]);
  expect(pinsIn(pinned, null)).toEqual([]);
  expect(withPin(pinned, other, { x: 1, y: 1 })).toEqual({ imageId: other, pins: [{ x: 1, y: 1 }] });
});
