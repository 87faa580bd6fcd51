// Lays class colours over the image they belong to.
import { AppError, BugError } from "../../../src-shared/contract/errors.ts";
import type { Palette } from "../../../src-shared/labels/palettes.ts";
import { checkLabelMap, checkRgbImage, type LabelMap, type RgbImage } from "./rgb-image.ts";

/**
 * (1 − opacity) · image + opacity · class colour, rounded; pixels whose id has no colour (255, ignored) keep the image.
 *
 * @param opacity 0 (only the image) to 1 (only the colours)
 * @throws AppError `label.size` when map and image differ in size
 */
export function overlayLabels(image: RgbImage, map: LabelMap, palette: Palette, opacity: number): RgbImage {
  checkRgbImage(image);
  checkLabelMap(map);
  if (!(opacity >= 0 && opacity <= 1)) throw new BugError(`overlayLabels with opacity ${opacity}`);
  if (image.width !== map.width || image.height !== map.height) {
    throw new AppError(
      "label.size",
      `The label map has ${map.width} x ${map.height} pixels, the image ${image.width} x ${image.height}; ` +
        "an overlay needs both in the same size.",
    );
  }
  const data = image.data.slice();
  for (let i = 0; i < map.data.length; i++) {
    const color = palette[map.data[i] as number];
    if (color === undefined) continue;
    for (let c = 0; c < 3; c++) {
      const at = i * 3 + c;
      data[at] = Math.round((1 - opacity) * (data[at] as number) + opacity * (color[c] as number));
    }
  }
  return { width: image.width, height: image.height, data };
}
