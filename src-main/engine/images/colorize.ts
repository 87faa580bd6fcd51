// Paints a label map in class colours.
import type { Palette } from "../../../src-shared/labels/palettes.ts";
import { checkLabelMap, type LabelMap, type RgbImage } from "./rgb-image.ts";

/** The colour of each pixel's class; ids without a colour, 255 among them, become black. */
export function colorizeLabels(map: LabelMap, palette: Palette): RgbImage {
  checkLabelMap(map);
  const data = new Uint8Array(map.data.length * 3);
  for (let i = 0; i < map.data.length; i++) {
    const color = palette[map.data[i] as number];
    if (color === undefined) continue;
    data[i * 3] = color[0];
    data[i * 3 + 1] = color[1];
    data[i * 3 + 2] = color[2];
  }
  return { width: map.width, height: map.height, data };
}
