// Label maps as pictures: ids, colours, colours over the image.
import { fileIdFromTrainId } from "../../../../src-shared/labels/label-id-to-train-id.ts";
import type { ModelClasses } from "../../../../src-shared/labels/label-sets.ts";
import type { Palette } from "../../../../src-shared/labels/palettes.ts";
import { colorizeLabels } from "../../images/colorize.ts";
import { encodeLabelPng, encodeRgbPng } from "../../images/encode-png.ts";
import { overlayLabels } from "../../images/overlay.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";

/** 8-bit grey PNG of Cityscapes label ids, or the ids of the label set. */
export function labelIdsPng(labels: LabelMap, classes: ModelClasses): Promise<Uint8Array> {
  const ids = fileIdFromTrainId(classes);
  return encodeLabelPng({ ...labels, data: labels.data.map((trainId) => ids[trainId] ?? 0) });
}

/** RGB PNG in the palette. */
export function colorPng(labels: LabelMap, palette: Palette): Promise<Uint8Array> {
  return encodeRgbPng(colorizeLabels(labels, palette));
}

/** RGB PNG of the palette over the image. */
export function overlayPng(image: RgbImage, labels: LabelMap, palette: Palette, opacity: number): Promise<Uint8Array> {
  return encodeRgbPng(overlayLabels(image, labels, palette, opacity));
}
