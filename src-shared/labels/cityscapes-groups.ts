// The groups that Cityscapes puts its classes into.

/** First label id of each group, rising. Source: cityscapesScripts, helpers/labels.py, `category`. */
const FIRST_IDS: readonly (readonly [number, string])[] = [
  [0, "void"],
  [7, "flat"],
  [11, "construction"],
  [17, "object"],
  [21, "nature"],
  [23, "sky"],
  [24, "human"],
  [26, "vehicle"],
];

/** "flat" of road: the group of a Cityscapes label id. */
export function cityscapesGroup(labelId: number): string {
  return FIRST_IDS.findLast(([first]) => first <= labelId)?.[1] ?? "void";
}
