// Makes a small picture of a plane of ids: every nth pixel, since ids can't be averaged.

export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  /** RGBA */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * @param plane   uint8 [H, W]
 * @param colors  RGBA of every value, 256 · 4 bytes
 */
export function paintThumbnail(
  plane: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  colors: Uint8Array,
  maxWidth: number,
): Thumbnail {
  const outWidth = Math.max(1, Math.min(maxWidth, width));
  const outHeight = Math.max(1, Math.round((height * outWidth) / width));
  const pixels = new Uint8ClampedArray(outWidth * outHeight * 4);
  for (let y = 0; y < outHeight; y++) {
    const row = Math.min(height - 1, Math.floor(((y + 0.5) * height) / outHeight)) * width;
    for (let x = 0; x < outWidth; x++) {
      const value = plane[row + Math.min(width - 1, Math.floor(((x + 0.5) * width) / outWidth))] ?? 255;
      const at = (y * outWidth + x) * 4;
      for (let channel = 0; channel < 4; channel++) pixels[at + channel] = colors[value * 4 + channel] ?? 0;
    }
  }
  return { width: outWidth, height: outHeight, pixels };
}
