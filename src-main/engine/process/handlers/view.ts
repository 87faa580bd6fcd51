// Makes one augmented view of an image, as the network gets it.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { decodeImage } from "../../images/decode-image.ts";
import { encodeWebp } from "../../images/encode-webp.ts";
import { limitSize } from "../../images/limit-size.ts";
import { augmentedViews } from "../../images/views.ts";
import type { Handler } from "../handler.ts";

export const view: Handler<"view"> = async ({ path, index, views }) => {
  // Two views come of each scale: the others are not needed.
  const scale = views.scales[Math.floor(index / 2)];
  const image = scale === undefined ? undefined : limitSize(await decodeImage(path));
  const [made] = image === undefined ? [] : augmentedViews(image, { ...views, scales: [scale ?? 1] }).slice(index % 2);
  if (made === undefined) {
    throw new AppError("input.option", `There is no view ${index}: ${views.scales.length} scales give two each.`);
  }
  const { width, height } = made.image;
  return { bytes: await encodeWebp(made.image), size: { width, height } };
};
