// The size above which the original program shrinks an image before anything else.
import { resizeBilinear } from "./resize-bilinear.ts";
import type { RgbImage } from "./rgb-image.ts";

export interface SizeLimit {
  readonly width: number;
  readonly height: number;
}

/** The original's limit, a Cityscapes image. */
export const SIZE_LIMIT: SizeLimit = { width: 2048, height: 1024 };

/**
 * An image of more pixels than the limit's width · height becomes exactly that wide and high: the aspect ratio is NOT
 * kept, and the rule goes by area, so with the original's limit 4096 x 512 stays as it is. Labels keep their size;
 * predictions are enlarged to it.
 * Source: self-adaptation specification, 4.2 step 2 and gotcha 20.
 */
export function limitSize(image: RgbImage, limit: SizeLimit = SIZE_LIMIT): RgbImage {
  const { width, height } = limitedSize(image, limit);
  return width === image.width && height === image.height ? image : resizeBilinear(image, width, height);
}

/** The size that an image of this size gets. */
export function limitedSize(size: SizeLimit, limit: SizeLimit = SIZE_LIMIT): SizeLimit {
  return size.width * size.height <= limit.width * limit.height ? size : limit;
}
