// Which class of a model a name stands for, as people and labelling tools write it.
import { IGNORE_LABEL } from "./ignore-label.ts";

/** What tools call pixels that nobody labelled. */
const NOTHING: readonly string[] = [
  ...["background", "void", "unlabeled", "unlabelled", "ignore", "ignored", "none", "nothing", "unknown", "undefined"],
  ...["other", "out of roi", "ego vehicle", "rectification border", "static", "dynamic"],
];

/** Other words for Cityscapes' classes, in CamVid, Pascal VOC, COCO, ADE20K and tools. */
const SYNONYMS: Readonly<Record<string, string>> = {
  pavement: "sidewalk",
  footpath: "sidewalk",
  tree: "vegetation",
  trees: "vegetation",
  signsymbol: "traffic sign",
  "sign symbol": "traffic sign",
  trafficsign: "traffic sign",
  trafficlight: "traffic light",
  "column pole": "pole",
  pedestrian: "person",
  people: "person",
  human: "person",
  bicyclist: "rider",
  cyclist: "rider",
  motorcyclist: "rider",
  motorbike: "motorcycle",
  bike: "bicycle",
  "truck bus": "truck",
};

/**
 * The index of the class in `classes`; 255 for a word that says "nothing"; null for a class that the model does not have.
 *
 * @param classes  names of a model's classes
 */
export function classOfName(name: string, classes: readonly string[]): number | null {
  const word = normalized(name);
  const own = classes.findIndex((known) => normalized(known) === word);
  if (own >= 0) return own;
  if (NOTHING.includes(word)) return IGNORE_LABEL;
  const common = SYNONYMS[word] ?? word;
  const meant = classes.findIndex((known) => (SYNONYMS[normalized(known)] ?? normalized(known)) === common);
  return meant >= 0 ? meant : null;
}

/** "Traffic_Light" is "traffic light", and "__ignore__" is "ignore". */
function normalized(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[\s_/.-]+/g, " ")
    .trim();
}
