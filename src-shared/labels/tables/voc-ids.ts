// The palette indices of Pascal VOC: id, name, and which of the 19 classes it counts as.
import type { LabelRow } from "./label-row.ts";

/** Source: PASCAL Visual Object Classes Challenge 2012, development kit, 3.2. 255 is the border of objects. */
export const VOC_IDS: readonly LabelRow[] = [
  [0, "background", null],
  [1, "aeroplane", null],
  [2, "bicycle", "bicycle"],
  [3, "bird", null],
  [4, "boat", null],
  [5, "bottle", null],
  [6, "bus", "bus"],
  [7, "car", "car"],
  [8, "cat", null],
  [9, "chair", null],
  [10, "cow", null],
  [11, "diningtable", null],
  [12, "dog", null],
  [13, "horse", null],
  [14, "motorbike", "motorcycle"],
  [15, "person", "person"],
  [16, "pottedplant", null],
  [17, "sheep", null],
  [18, "sofa", null],
  [19, "train", "train"],
  [20, "tvmonitor", null],
];
