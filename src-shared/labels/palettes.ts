// Two sets of class colours: the ones Cityscapes publishes, and one made for colour-blind eyes.

/** Red, green, blue, 0..255 each. */
export type Rgb = readonly [number, number, number];

/** A colour per train id. */
export type Palette = readonly Rgb[];

/** Cityscapes' colours of the 19 evaluated classes, by train id (cityscapesScripts, `labels.py`). */
export const CITYSCAPES_PALETTE: Palette = [
  [128, 64, 128],
  [244, 35, 232],
  [70, 70, 70],
  [102, 102, 156],
  [190, 153, 153],
  [153, 153, 153],
  [250, 170, 30],
  [220, 220, 0],
  [107, 142, 35],
  [152, 251, 152],
  [70, 130, 180],
  [220, 20, 60],
  [255, 0, 0],
  [0, 0, 142],
  [0, 0, 70],
  [0, 60, 100],
  [0, 80, 100],
  [0, 0, 230],
  [119, 11, 32],
];

/**
 * Colours of the 19 classes that stay apart for colour-blind eyes.
 *
 * Chosen by searching sRGB for 19 colours whose smallest distance in CIELAB, over normal vision and simulated
 * protanopia, deuteranopia and tritanopia (Machado et al. 2009, severity 1), is large, then giving each class the one
 * closest in spirit to its Cityscapes colour. Any two differ by at least 18 (ΔE 1976) for all four kinds of eyes;
 * among Cityscapes' own colours two differ by only 3.
 */
export const COLOR_BLIND_SAFE_PALETTE: Palette = [
  [144, 108, 216],
  [180, 36, 255],
  [144, 108, 108],
  [180, 180, 255],
  [180, 108, 72],
  [180, 255, 255],
  [216, 180, 108],
  [255, 255, 144],
  [180, 216, 0],
  [0, 255, 180],
  [108, 180, 180],
  [180, 0, 0],
  [255, 72, 0],
  [108, 36, 180],
  [36, 0, 108],
  [72, 36, 72],
  [0, 108, 144],
  [0, 0, 255],
  [108, 36, 36],
];
