// Foggy Cityscapes: leftImg8bit_foggy/<split>/<city>/ beside Cityscapes' own labels, three densities of fog an image.
import type { LayoutReader } from "../layout.ts";
import { CITYSCAPES_SUFFIXES, isNotTest, listCityFolders } from "./city-folders.ts";

const NAME = /^(.+)_leftImg8bit_foggy_beta_([\d.]+)\.png$/i;

/** Source: dataset specification, 3.11. */
export const FOGGY_CITYSCAPES: LayoutReader = {
  id: "foggy-cityscapes",
  name: "Foggy Cityscapes",
  matches: (tree) => tree.hasFolder("leftImg8bit_foggy"),
  list: (tree) =>
    listCityFolders(tree, {
      images: "leftImg8bit_foggy",
      labels: "gtFine",
      stemOf: (name) => NAME.exec(name)?.[1] ?? null,
      suffixes: CITYSCAPES_SUFFIXES,
      domain: densityOf,
      tags: (name) => ["fog", densityOf(name)],
      isLabelled: isNotTest,
      isComplete: true,
    }),
};

/** Larger is denser. */
function densityOf(name: string): string {
  return `beta ${NAME.exec(name)?.[2]}`;
}
