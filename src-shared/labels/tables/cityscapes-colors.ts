// The colours in which Cityscapes paints its label files (`…_color.png`), by 65536 R + 256 G + B.

/** Source: github.com/mcordts/cityscapesScripts, helpers/labels.py. What is no evaluated class is "void". */
const ROWS: readonly (readonly [string, readonly [number, number, number]])[] = [
  ["void", [0, 0, 0]],
  ["void", [111, 74, 0]],
  ["void", [81, 0, 81]],
  ["road", [128, 64, 128]],
  ["sidewalk", [244, 35, 232]],
  ["void", [250, 170, 160]],
  ["void", [230, 150, 140]],
  ["building", [70, 70, 70]],
  ["wall", [102, 102, 156]],
  ["fence", [190, 153, 153]],
  ["void", [180, 165, 180]],
  ["void", [150, 100, 100]],
  ["void", [150, 120, 90]],
  ["pole", [153, 153, 153]],
  ["traffic light", [250, 170, 30]],
  ["traffic sign", [220, 220, 0]],
  ["vegetation", [107, 142, 35]],
  ["terrain", [152, 251, 152]],
  ["sky", [70, 130, 180]],
  ["person", [220, 20, 60]],
  ["rider", [255, 0, 0]],
  ["car", [0, 0, 142]],
  ["truck", [0, 0, 70]],
  ["bus", [0, 60, 100]],
  ["void", [0, 0, 90]],
  ["void", [0, 0, 110]],
  ["train", [0, 80, 100]],
  ["motorcycle", [0, 0, 230]],
  ["bicycle", [119, 11, 32]],
];

/** A group of poles has the colour of a pole. */
export const CITYSCAPES_COLORS: ReadonlyMap<number, string> = new Map(
  ROWS.map(([name, [r, g, b]]) => [(r << 16) | (g << 8) | b, name]),
);
