// Mean colours and deviations that networks were trained with.

/** Of three channels, in their order. */
export type PerChannel = readonly [number, number, number];

/** Mean and standard deviation of ImageNet's pixels in 0..1, per red, green, blue (torchvision's constants). */
export const IMAGENET_MEAN: PerChannel = [0.485, 0.456, 0.406];
export const IMAGENET_STD: PerChannel = [0.229, 0.224, 0.225];

/** Of backbones from Caffe: blue, green, red, 0..255. Source: spec of CROTS, "3. Data conventions". */
export const CAFFE_MEAN: PerChannel = [104.00698793, 116.66876762, 122.67891434];
