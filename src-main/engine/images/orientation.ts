// Turns pixels as the note in a file says: cameras store the rows of the sensor, and which side of them is up.

/** 1 to 8. Source: TIFF 6.0, tag 274; Exif 2.32, 4.6.4. */
export type Orientation = number;

export const UPRIGHT: Orientation = 1;

/** From 5 on, rows of the upright picture are columns of the stored one. */
export function swapsSides(orientation: Orientation): boolean {
  return orientation >= 5 && orientation <= 8;
}

export interface Pixels<Data extends Uint8Array | Uint16Array> {
  readonly width: number;
  readonly height: number;
  /** [H, W, channels]. */
  readonly data: Data;
}

/** The upright picture of a stored one; the same object when it is upright. */
export function upright<Data extends Uint8Array | Uint16Array>(
  stored: Pixels<Data>,
  channels: number,
  orientation: Orientation,
): Pixels<Data> {
  if (orientation <= UPRIGHT || orientation > 8) return stored;
  const { width: w, height: h, data } = stored;
  const [width, height] = swapsSides(orientation) ? [h, w] : [w, h];
  const turned = new (data.constructor as new (length: number) => Data)(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = storedIndex(orientation, x, y, w, h) * channels;
      const to = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) turned[to + c] = data[from + c] ?? 0; // in range
    }
  }
  return { width, height, data: turned };
}

/** Where the pixel at (x, y) of the upright picture is stored, in a picture of w x h. */
function storedIndex(orientation: Orientation, x: number, y: number, w: number, h: number): number {
  switch (orientation) {
    case 2:
      return y * w + (w - 1 - x);
    case 3:
      return (h - 1 - y) * w + (w - 1 - x);
    case 4:
      return (h - 1 - y) * w + x;
    case 5:
      return x * w + y;
    case 6:
      return (h - 1 - x) * w + y;
    case 7:
      return (h - 1 - x) * w + (w - 1 - y);
    case 8:
      return x * w + (w - 1 - y);
    default:
      return y * w + x;
  }
}
