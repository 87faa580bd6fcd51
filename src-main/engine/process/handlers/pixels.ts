// Turns an image of any format that is read here into a PNG, which every browser shows.
import { decodeImage } from "../../images/decode-image.ts";
import { encodeRgbPng } from "../../images/encode-png.ts";
import type { Handler } from "../handler.ts";

export const pixels: Handler<"pixels"> = async ({ path }) => {
  const image = await decodeImage(path);
  const { width, height } = image;
  return { bytes: await encodeRgbPng(image), size: { width, height } };
};
