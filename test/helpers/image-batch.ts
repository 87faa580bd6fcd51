// Images of one size as a network takes them: one batch, ImageNet-normalised.
import { at } from "../../src-main/engine/graph/node.ts";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { normalize } from "../../src-main/engine/images/normalize.ts";
import type { TestTensor } from "./seeded-tensors.ts";

/** float32 [N, 3, H, W] */
export async function imageBatch(paths: readonly string[]): Promise<TestTensor> {
  const images = await Promise.all(paths.map((path) => decodeImage(path)));
  const { width, height } = at(images, 0);
  return {
    shape: [images.length, 3, height, width],
    data: Float32Array.from(images.flatMap((image) => [...normalize(image)])),
  };
}
