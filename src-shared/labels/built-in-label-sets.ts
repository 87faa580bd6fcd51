// The label sets that come with the program, by the names that options and forms give them.
import { type LabelSetData, labelSetSchema } from "../contract/label-set.ts";
import { CITYSCAPES_19, type LabelSet, SYNTHIA_16 } from "./label-sets.ts";
import ade20k from "./sets/ade20k.json" with { type: "json" };
import camvid11 from "./sets/camvid-11.json" with { type: "json" };
import cityscapes34 from "./sets/cityscapes-34.json" with { type: "json" };
import iddLevel1 from "./sets/idd-level1.json" with { type: "json" };
import iddLevel2 from "./sets/idd-level2.json" with { type: "json" };
import iddLevel3 from "./sets/idd-level3.json" with { type: "json" };
import mapillary12 from "./sets/mapillary-1.2.json" with { type: "json" };
import mapillary20 from "./sets/mapillary-2.0.json" with { type: "json" };
import pascalVoc from "./sets/pascal-voc.json" with { type: "json" };
import synthia13 from "./sets/synthia-13.json" with { type: "json" };
import twoClasses from "./sets/two-classes.json" with { type: "json" };
import twoClasses0255 from "./sets/two-classes-0-255.json" with { type: "json" };

/**
 * Sources of names, colours and ids: the data sets' own tools and papers. Of IDD's levels, whose ids join several labels, the
 * names say which.
 */
export const BUILT_IN_LABEL_SETS: ReadonlyMap<string, LabelSetData> = new Map(
  Object.entries({
    cityscapes: dataOf(CITYSCAPES_19, "Cityscapes"),
    bdd100k: dataOf(CITYSCAPES_19, "BDD100K"),
    "cityscapes-34": cityscapes34,
    "synthia-16": dataOf(SYNTHIA_16, "SYNTHIA 16"),
    "synthia-13": synthia13,
    "mapillary-1.2": mapillary12,
    "mapillary-2.0": mapillary20,
    "idd-level1": iddLevel1,
    "idd-level2": iddLevel2,
    "idd-level3": iddLevel3,
    "camvid-11": camvid11,
    "pascal-voc": pascalVoc,
    ade20k,
    "two-classes": twoClasses,
    "two-classes-0-255": twoClasses0255,
  }).map(([name, data]) => [name, labelSetSchema.parse(data)]),
);

function dataOf({ names, palette }: LabelSet, name: string) {
  return { name, classes: names.map((one, trainId) => ({ name: one, color: palette[trainId] })) };
}
