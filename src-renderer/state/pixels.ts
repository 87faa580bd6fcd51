// The planes and photographs this window has fetched, shared by all screens and bounded in bytes.
import { ByteCache } from "../viewer/byte-cache.ts";
import { PhotoCache } from "../viewer/photo-cache.ts";

export const planes = new ByteCache();
export const photos = new PhotoCache();
