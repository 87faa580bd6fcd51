// Mirrors pictures left to right.
import { checkLabelMap, checkRgbImage, type LabelMap, type RgbImage } from "./rgb-image.ts";

/** The mirror image; twice gives the image back. */
export function flipHorizontal(image: RgbImage): RgbImage {
  checkRgbImage(image);
  const { width, height, data } = image;
  const flipped = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    let to = y * width * 3;
    for (let from = (y + 1) * width * 3 - 3; from >= y * width * 3; from -= 3) {
      flipped[to] = data[from] as number;
      flipped[to + 1] = data[from + 1] as number;
      flipped[to + 2] = data[from + 2] as number;
      to += 3;
    }
  }
  return { width, height, data: flipped };
}

/** The mirrored label map; twice gives the map back. */
export function flipLabelsHorizontal(map: LabelMap): LabelMap {
  checkLabelMap(map);
  const data = map.data.slice();
  for (let y = 0; y < map.height; y++) data.subarray(y * map.width, (y + 1) * map.width).reverse();
  return { width: map.width, height: map.height, data };
}
