// Turns images and label maps into PNG files.
import sharp from "sharp";
import { checkLabelMap, checkRgbImage, type LabelMap, type RgbImage } from "./rgb-image.ts";

// No palette and no per-row filter search: label maps and photographs both lose more time to them than they win space.
const PNG_OPTIONS = { compressionLevel: 6, adaptiveFiltering: false, palette: false } as const;

/** An 8-bit grey PNG whose pixel values are the ids, exactly. */
export async function encodeLabelPng(map: LabelMap): Promise<Uint8Array> {
  checkLabelMap(map);
  const { width, height } = map;
  return exactly(
    await sharp(map.data, { raw: { width, height, channels: 1 } })
      .toColourspace("b-w")
      .png(PNG_OPTIONS)
      .toBuffer(),
  );
}

/** An 8-bit RGB PNG. */
export async function encodeRgbPng(image: RgbImage): Promise<Uint8Array> {
  checkRgbImage(image);
  const { width, height } = image;
  return exactly(
    await sharp(image.data, { raw: { width, height, channels: 3 } })
      .png(PNG_OPTIONS)
      .toBuffer(),
  );
}

/** A plain Uint8Array over the same bytes: callers should not have to know Node's Buffer. */
function exactly(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
