// A small model and pictures for tests of the methods: everything is real but the quality of the predictions.
import type { RgbImage } from "../../src-main/engine/images/rgb-image.ts";
import { SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import { deepLabOf } from "../../src-main/engine/models/detect-architecture.ts";
import type { NamedTensors, Runtime } from "../../src-main/engine/runtimes/runtime.ts";
import { hash32 } from "./generated-weights.ts";
import { tinyStateDict } from "./tiny-checkpoint.ts";

/** DeepLabv1 on a ResNet-18 with an eighth of the usual channels, 19 classes. */
export function tinyModel(runtime: Runtime): SegmentationModel {
  return new SegmentationModel(runtime, deepLabOf("resnet18", 19, 8), tinyStateDict());
}

/** Blocks of 8 x 8 pixels in random colours, with noise. */
export function blockImage(width: number, height: number, seed = 1): RgbImage {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / (3 * width))];
    const block = ((y >> 3) * 1024 + (x >> 3)) * 3 + c;
    return (hash32(seed, block) & 223) + (hash32(seed + 1, i) & 31);
  });
  return { width, height, data };
}

/** Copies of the data of tensors, by name. */
export async function copied(tensors: NamedTensors): Promise<Map<string, Float32Array>> {
  const copies = new Map<string, Float32Array>();
  for (const [name, tensor] of tensors) copies.set(name, Float32Array.from(await tensor.read()));
  return copies;
}
