// How large a picture may be before it is refused.

/** 2^27 = 134 million pixels: six times the largest Mapillary image, and 400 MB as RGB. */
export const MAX_IMAGE_PIXELS = 1 << 27;

/** No picture of MAX_IMAGE_PIXELS needs a longer file, uncompressed 8-bit RGB included. */
export const MAX_IMAGE_FILE_BYTES = 512 * 1024 * 1024;
