// Patches that hold a rare class: cells of a fixed grid over an image, with their labels. Source: spec of CROTS, "8. Step 4".
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { cropImage, cropLabels } from "../../images/crop.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";
import { GRID, patchSize } from "./prepared.ts";

/**
 * The published sets by train id: traffic light and sign, rider, motorcycle, bicycle; from GTA5 train, too. The one of SYNTHIA is
 * active in the released code.
 */
export const RARE_CLASSES = { synthia: [6, 7, 12, 17, 18], gta5: [6, 7, 12, 16, 17, 18] } as const;

export interface HardPatch {
  /** From 1, row by row. */
  readonly place: number;
  readonly image: RgbImage;
  readonly labels: LabelMap;
  /** Pixels of the rare classes in it, by train id. */
  readonly pixels: ReadonlyMap<number, number>;
}

/** @param image  in the size of its labels */
export function hardPatches(image: RgbImage, labels: LabelMap, rareClasses: readonly number[]): HardPatch[] {
  const [height, width] = patchSize([labels.height, labels.width]);
  return Array.from({ length: GRID * GRID }, (_, cell): HardPatch => {
    const box = { top: Math.floor(cell / GRID) * height, left: (cell % GRID) * width, height, width };
    const own = cropLabels(labels, box);
    return { place: cell + 1, image: cropImage(image, box), labels: own, pixels: pixelsOf(own, rareClasses) };
  }).filter(({ pixels }) => pixels.size > 0);
}

function pixelsOf({ data }: LabelMap, rareClasses: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of data) if (rareClasses.includes(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/**
 * Train ids of `synthia`, `gta5`, or as they are listed.
 *
 * @throws AppError `input.option`
 */
export function rareClassesOf(text: string, numClasses: number): readonly number[] {
  if (text === "synthia" || text === "gta5") return RARE_CLASSES[text];
  const ids = text.split(/[\s,]+/).filter((part) => part !== "");
  if (ids.length > 0 && ids.every((id) => /^\d+$/.test(id) && Number(id) < numClasses)) return ids.map(Number);
  throw new AppError(
    "input.option",
    `--rare-classes: "${text}" is neither synthia nor gta5 nor train ids from 0 to ${numClasses - 1} such as 6,7,12.`,
  );
}
