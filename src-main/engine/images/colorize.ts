// Paints a label map in class colours.
import type { Palette } from "../../../src-shared/labels/palettes.ts";
import { checkLabelMap, type LabelMap, type RgbImage } from "./rgb-image.ts";

/** The colour of each pixel's class; ids without a colour, 255 among them, become black. */
export function colorizeLabels(map: LabelMap, palette: Palette): RgbImage {
  checkLabelMap(map);
  const data = new Uint8Array(map.data.length * 3);
  for (const [i, id] of map.data.entries()) {
    const color = palette[id];
    if (color !== undefined) data.set(color, i * 3);
  }
  return { width: map.width, height: map.height, data };
}
