// Rain Cityscapes: leftImg8bit_rain/<split>/<city>/ beside Cityscapes' own labels, 36 kinds of rain an image.
import type { LayoutReader } from "../layout.ts";
import { CITYSCAPES_SUFFIXES, isNotTest, listCityFolders } from "./city-folders.ts";

const NAME = /^(.+)_leftImg8bit_rain_(alpha_[\d.]+_beta_[\d.]+_dropsize_[\d.]+)_pattern_(\d+)\.png$/i;

/** Source: dataset specification, 3.11. */
export const RAIN_CITYSCAPES: LayoutReader = {
  id: "rain-cityscapes",
  name: "Rain Cityscapes",
  matches: (tree) => tree.hasFolder("leftImg8bit_rain"),
  list: (tree) =>
    listCityFolders(tree, {
      images: "leftImg8bit_rain",
      labels: "gtFine",
      stemOf: (name) => NAME.exec(name)?.[1] ?? null,
      suffixes: CITYSCAPES_SUFFIXES,
      domain: intensityOf,
      tags: (name) => ["rain", intensityOf(name), `pattern ${NAME.exec(name)?.[3]}`],
      isLabelled: isNotTest,
      // Only 295 of Cityscapes' images have rain, and the other label files are no fault.
      isComplete: false,
    }),
};

/** Of fog and drops. */
function intensityOf(name: string): string {
  return NAME.exec(name)?.[2]?.replaceAll("_", " ") ?? "";
}
