// ACDC's reference images: the same places as ACDC's, in normal conditions. Only some of them have labels.
import type { LayoutReader } from "../layout.ts";
import { acdcConditions, listAcdc } from "./acdc-folders.ts";

const FLAT_SPLITS: readonly string[] = ["rgb_anon/train", "rgb_anon/val"];

/** Source: dataset specification, 3.8. */
export const ACDC_REFERENCE: LayoutReader = {
  id: "acdc-reference",
  name: "ACDC reference images",
  matches: async (tree) => {
    const conditions = (await acdcConditions(tree)).map((condition) => `rgb_anon/${condition}`);
    const folders = conditions.length > 0 ? conditions : FLAT_SPLITS;
    const names = (await Promise.all(folders.map((folder) => tree.sniff(folder)))).flat();
    return names.some((name) => name.endsWith("_ref") || name.endsWith("_rgb_ref_anon.png"));
  },
  list: (tree) =>
    listAcdc(tree, {
      imageSuffix: "_rgb_ref_anon",
      suffixes: [{ suffix: "_gt_ref_labelTrainIds.png", encoding: "trainIds" }],
      splitSuffix: "_ref",
      tags: ["reference"],
      isComplete: () => false,
    }),
};
