// Puts an image into the style of another, small enough to be seen at once.
import { decodeImage } from "../../images/decode-image.ts";
import { encodeWebp } from "../../images/encode-webp.ts";
import { bytesOf } from "../../images/float-picture.ts";
import { stylizedWithin } from "../../images/stylize.ts";
import type { Handler } from "../handler.ts";

export const stylize: Handler<"stylize"> = async ({ path, stylePath, how, maxPx }) => {
  const [content, style] = await Promise.all([decodeImage(path), decodeImage(stylePath)]);
  const styled = bytesOf(stylizedWithin(content, style, how, maxPx));
  return { bytes: await encodeWebp(styled), size: { width: styled.width, height: styled.height } };
};
