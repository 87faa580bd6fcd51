// How large a picture may be before it is refused.

/** 2^28 = 268 million pixels: 16384 x 16384, and 800 MB as RGB. */
export const MAX_IMAGE_PIXELS = 1 << 28;

/** No picture of MAX_IMAGE_PIXELS needs a longer file, uncompressed 8-bit RGB included. */
export const MAX_IMAGE_FILE_BYTES = 1024 * 1024 * 1024;
