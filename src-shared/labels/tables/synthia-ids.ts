// The ids of SYNTHIA-RAND-CITYSCAPES.
import type { LabelRow } from "./label-row.ts";

/** Red channel of `GT/LABELS`. Lane markings are ignored, not road; 13, 16, 18 and 20 never occur in the files. */
export const SYNTHIA_IDS: readonly LabelRow[] = [
  [0, "void", null],
  [1, "sky", "sky"],
  [2, "building", "building"],
  [3, "road", "road"],
  [4, "sidewalk", "sidewalk"],
  [5, "fence", "fence"],
  [6, "vegetation", "vegetation"],
  [7, "pole", "pole"],
  [8, "car", "car"],
  [9, "traffic sign", "traffic sign"],
  [10, "pedestrian", "person"],
  [11, "bicycle", "bicycle"],
  [12, "motorcycle", "motorcycle"],
  [13, "parking slot", null],
  [14, "road-work", null],
  [15, "traffic light", "traffic light"],
  [16, "terrain", "terrain"],
  [17, "rider", "rider"],
  [18, "truck", "truck"],
  [19, "bus", "bus"],
  [20, "train", "train"],
  [21, "wall", "wall"],
  [22, "lanemarking", null],
];
