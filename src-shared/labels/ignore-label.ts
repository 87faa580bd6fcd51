// The train id of pixels that belong to no class.

/** Pixels with this label count neither in a loss nor in a metric (Cityscapes' `ignoreInEval`). */
export const IGNORE_LABEL = 255;
