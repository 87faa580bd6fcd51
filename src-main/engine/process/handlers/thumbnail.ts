// Makes a small WebP of an image file.
import { makeThumbnail } from "../../images/encode-webp.ts";
import type { Handler } from "../handler.ts";

export const thumbnail: Handler<"thumbnail"> = ({ path, maxPx }) => makeThumbnail(path, maxPx);
