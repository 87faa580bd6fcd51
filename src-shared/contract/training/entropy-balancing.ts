// The parameters of DAFormer's training and of entropy balancing (EBDA), with the recipe for Cityscapes → ACDC as defaults;
// entropy-balancing-presets.ts has the other experiments. Source: spec of EBDA, "1. At a glance", "11. Configs".
import { z } from "zod";
import { PARAMETER_META, type ParameterMeta } from "../parameter-meta.ts";
import { loopShape, MODEL, OPTIMISATION, VALIDATION } from "./loop-config.ts";

const IMAGES = "Images";
const RARE_CLASSES = "Rare classes";
const MIXING = "Mixing and pseudo-labels";
const FEATURES = "Feature distance";
const ENTROPY = "Entropy balance";

export const MIT_ENCODERS = ["mit_b0", "mit_b1", "mit_b2", "mit_b3", "mit_b4", "mit_b5"] as const;
export const TRAINED_HEADS = [
  "daformer_sepaspp",
  "daformer_conv1",
  "daformer_aspp",
  "daformer_isa",
  "daformer_sepaspp_bottleneck",
] as const;
/** Classes of objects that can be counted: traffic light and sign, person to bicycle. Source: spec "2. Classes". */
export const THING_CLASSES = [6, 7, 11, 12, 13, 14, 15, 16, 17, 18] as const;
/** Sides of the encoder's last map are those of the crop divided by it. */
const LAST_STRIDE = 32;

function described<S extends z.ZodType>(schema: S, meta: ParameterMeta): S {
  PARAMETER_META.add(schema, meta);
  return schema;
}

const wholeFrom = (least: number, what: string) =>
  z.int(`${what} is a whole number`).min(least, `${what} is ${least} or more`);
const share = (what: string) => z.number().min(0, `${what} is between 0 and 1`).max(1, `${what} is between 0 and 1`);
const decay = (what: string) =>
  z.number().min(0, `${what} is at least 0 and below 1`).lt(1, `${what} is at least 0 and below 1`);
const SHARE_RANGE = { min: 0, max: 1, step: 0.05 };
const side = z
  .int("sides are whole numbers")
  .min(LAST_STRIDE, `crops are ${LAST_STRIDE} pixels or more`)
  .refine((value) => value % LAST_STRIDE === 0, `sides of a crop are multiples of ${LAST_STRIDE}, such as 512`);
const box = z.tuple(
  [wholeFrom(LAST_STRIDE, "the height"), wholeFrom(LAST_STRIDE, "the width")],
  "give two whole numbers, height and width",
);
const BOX_RANGE = { min: LAST_STRIDE, max: 8192, step: 2 };
const isRare: ParameterMeta["isUsedWith"] = ({ rareClassSampling }) => rareClassSampling === true;
const hasDistance: ParameterMeta["isUsedWith"] = ({ featureDistance }) => Number(featureDistance) > 0;
const hasThings: ParameterMeta["isUsedWith"] = ({ featureDistance, featureThings }) =>
  Number(featureDistance) > 0 && featureThings === true;

/** What DAFormer and entropy balancing have in common. */
const sharedShape = {
  encoder: described(z.enum(MIT_ENCODERS).default("mit_b5"), {
    title: "Encoder",
    description: "Mix Transformer; B5 is the published one, B0 trains on a notebook",
    group: MODEL,
    original: "model.backbone.type",
    choices: {
      mit_b0: "MiT-B0",
      mit_b1: "MiT-B1",
      mit_b2: "MiT-B2",
      mit_b3: "MiT-B3",
      mit_b4: "MiT-B4",
      mit_b5: "MiT-B5",
    },
  }),
  head: described(z.enum(TRAINED_HEADS).default("daformer_sepaspp"), {
    title: "Head",
    description: "How DAFormer's head fuses the four maps",
    group: MODEL,
    original: "model.decode_head",
    choices: {
      daformer_sepaspp: "separable ASPP",
      daformer_conv1: "1x1 convolution",
      daformer_aspp: "ASPP",
      daformer_isa: "interlaced sparse attention",
      daformer_sepaspp_bottleneck: "separable ASPP on the last map",
    },
  }),
  numClasses: loopShape.numClasses,
  batchSize: described(wholeFrom(1, "the batch size").default(1), {
    title: "Image pairs per step",
    description: "So many source and so many target images; DAFormer's own configurations have 2",
    group: OPTIMISATION,
    original: "data.samples_per_gpu",
    range: { min: 1, max: 64, step: 1 },
  }),
  numEpochs: described(wholeFrom(1, "the number of epochs").default(25), {
    title: "Epochs",
    description: "Times the steps of an epoch they are the iterations, over which the learning rate falls to 0",
    group: OPTIMISATION,
    range: { min: 1, max: 100_000, step: 1 },
  }),
  epochSteps: described(wholeFrom(1, "the number of steps").default(2000), {
    title: "Steps of an epoch",
    description: "Validation and checkpoints come after epochs; 25 of 2000 are the published 50000 iterations",
    group: OPTIMISATION,
    original: "evaluation.interval",
    range: { min: 1, max: 1_000_000, step: 100 },
  }),
  baseLr: described(z.number().nonnegative("the learning rate is 0 or more").default(6e-5), {
    title: "Learning rate",
    short: "lr",
    description: "Of the encoder, after the warm-up and before it falls",
    group: OPTIMISATION,
    original: "optimizer.lr",
    range: { min: 0, max: 1, step: 0.00001 },
    isLogarithmic: true,
  }),
  headRate: described(z.number().positive("the factor is above 0").default(10), {
    title: "Factor of the head",
    description: "So many times the learning rate is the head's",
    group: OPTIMISATION,
    original: "optimizer.paramwise_cfg.custom_keys.head.lr_mult",
    range: { min: 0.1, max: 100, step: 1 },
  }),
  weightDecay: described(z.number().nonnegative("weight decay is 0 or more").default(0.01), {
    title: "Weight decay",
    description: "Of all but the encoder's layer norms",
    group: OPTIMISATION,
    original: "optimizer.weight_decay",
    range: { min: 0, max: 1, step: 0.01 },
  }),
  warmupSteps: described(wholeFrom(0, "the number of steps").default(1500), {
    title: "Warm-up",
    description: "Steps over which the learning rate rises",
    group: OPTIMISATION,
    original: "lr_config.warmup_iters",
    range: { min: 0, max: 100_000, step: 100 },
  }),
  cropSize: described(z.tuple([side, side], "give two whole numbers, height and width").default([512, 512]), {
    title: "Crop",
    ends: ["Crop height", "Crop width"],
    joinedBy: " × ",
    description: "Of source and target, in pixels: multiples of 32",
    group: IMAGES,
    original: "crop_size",
    range: { min: 32, max: 4096, step: 32 },
  }),
  sourceSize: described(box.default([512, 1024]), {
    title: "Source size",
    ends: ["Source height", "Source width"],
    joinedBy: " × ",
    description: "Source images are first fitted into it, in their own proportions",
    group: IMAGES,
    original: "img_scale of the source",
    range: BOX_RANGE,
  }),
  targetSize: described(box.default([540, 960]), {
    title: "Target size",
    ends: ["Target height", "Target width"],
    joinedBy: " × ",
    description: "Target images are first fitted into it, and so are images of the validation",
    group: IMAGES,
    original: "img_scale of the target",
    range: BOX_RANGE,
  }),
  mostOfOneClass: described(share("the share").default(0.75), {
    title: "Most of one class",
    description: "A source crop in which a class has a larger share is drawn again, up to ten times; 1: never",
    group: IMAGES,
    original: "cat_max_ratio",
    range: SHARE_RANGE,
  }),
  flip: described(share("a probability").default(0.5), {
    title: "Mirrored",
    description: "Probability of mirroring",
    group: IMAGES,
    original: "flip_ratio",
    range: SHARE_RANGE,
  }),
  rareClassSampling: described(z.boolean().default(true), {
    title: "Rare class sampling",
    description: "A class is drawn first, rare ones more often, then a source image with it; off: all alike",
    group: RARE_CLASSES,
    original: "rare_class_sampling",
  }),
  rareTemperature: described(z.number().positive("the temperature is above 0").default(0.01), {
    title: "Temperature",
    description: "The smaller, the more often rare classes are drawn",
    group: RARE_CLASSES,
    original: "rare_class_sampling.class_temp",
    range: { min: 0.001, max: 100, step: 0.01 },
    isLogarithmic: true,
    isUsedWith: isRare,
  }),
  rareMinPixels: described(wholeFrom(0, "the number of pixels").default(3000), {
    title: "Least pixels",
    description: "An image is drawn for a class of which it has more pixels, in its own size",
    group: RARE_CLASSES,
    original: "rare_class_sampling.min_pixels",
    range: { min: 0, max: 10_000_000, step: 100 },
    isUsedWith: isRare,
  }),
  rareMinCropRatio: described(z.number().nonnegative("the share is 0 or more").default(0.5), {
    title: "Of these in the crop",
    description: "A crop with a smaller share of the least pixels is drawn again, up to ten times",
    group: RARE_CLASSES,
    original: "rare_class_sampling.min_crop_ratio",
    range: { min: 0, max: 10, step: 0.1 },
    isUsedWith: isRare,
  }),
  teacherMomentum: described(decay("the teacher's momentum").default(0.999), {
    title: "Momentum of the teacher",
    description: "At most; in the first steps the teacher follows faster",
    group: MIXING,
    original: "uda.alpha",
    range: { min: 0, max: 0.99999, step: 0.001 },
  }),
  pseudoThreshold: described(share("the threshold").default(0.968), {
    title: "Threshold",
    description: "The share of pixels with at least this probability is the weight of all pseudo-labels",
    group: MIXING,
    original: "uda.pseudo_threshold",
    range: { min: 0, max: 1, step: 0.001 },
  }),
  ignoredTop: described(wholeFrom(0, "the number of rows").default(15), {
    title: "Rows above",
    description: "So many rows at the top of target crops get no weight",
    group: MIXING,
    original: "uda.pseudo_weight_ignore_top",
    range: { min: 0, max: 4096, step: 5 },
  }),
  ignoredBottom: described(wholeFrom(0, "the number of rows").default(120), {
    title: "Rows below",
    description: "So many rows at the bottom of target crops get no weight",
    group: MIXING,
    original: "uda.pseudo_weight_ignore_bottom",
    range: { min: 0, max: 4096, step: 5 },
  }),
  jitterStrength: described(share("the strength").default(0.2), {
    title: "Colour jitter",
    description: "How far colours of mixed images move",
    group: MIXING,
    original: "uda.color_jitter_strength",
    range: SHARE_RANGE,
  }),
  jitterSkipped: described(share("a probability").default(0.2), {
    title: "Without jitter",
    description: "Share of steps whose colours stay; the original calls it the probability of jitter",
    group: MIXING,
    original: "uda.color_jitter_probability",
    range: SHARE_RANGE,
  }),
  jitterFlavour: described(z.enum(["0.5.8", "0.6.4"]).default("0.5.8"), {
    title: "Colours as in kornia",
    description: "Which release of the original's library; its meaning of brightness and contrast changed",
    group: MIXING,
    choices: { "0.5.8": "up to 0.6.3", "0.6.4": "from 0.6.4" },
  }),
  blur: described(z.boolean().default(true), {
    title: "Blur",
    description: "Mixed images of every second step are blurred",
    group: MIXING,
    original: "uda.blur",
  }),
  featureDistance: described(z.number().nonnegative("the weight of a loss is 0 or more").default(0.005), {
    title: "Weight",
    description: "Of the distance to the features of the encoder before training; 0: without",
    group: FEATURES,
    original: "uda.imnet_feature_dist_lambda",
    range: { min: 0, max: 10, step: 0.001 },
  }),
  featureThings: described(z.boolean().default(true), {
    title: "Things alone",
    description: "Where countable objects are (train ids 6, 7, 11 to 18), or everywhere",
    group: FEATURES,
    original: "uda.imnet_feature_dist_classes",
    isUsedWith: hasDistance,
  }),
  featureRatio: described(share("the share").default(0.75), {
    title: "Least share",
    description: "A cell of the last map is of the class that fills at least this share of it",
    group: FEATURES,
    original: "uda.imnet_feature_dist_scale_min_ratio",
    range: SHARE_RANGE,
    isUsedWith: hasThings,
  }),
  validationStart: described(wholeFrom(0, "the epoch").default(0), {
    title: "From epoch",
    description: "First epoch, counted from 0, after which the validation images are predicted",
    group: VALIDATION,
    range: { min: 0, max: 10_000, step: 1 },
  }),
  validationStep: loopShape.validationStep,
  previewStep: loopShape.previewStep,
  saveStep: loopShape.saveStep,
  seed: loopShape.seed,
};

/** DAFormer (Hoyer et al., CVPR 2022), the plain form. */
export const daformerConfigSchema = z.object({
  method: z.literal("daformer").default("daformer"),
  ...sharedShape,
});
export type DaformerConfig = z.infer<typeof daformerConfigSchema>;

const isMoving: ParameterMeta["isUsedWith"] = ({ balance }) => balance === "ema-quantile";
const isFixed: ParameterMeta["isUsedWith"] = ({ balance }) => balance === "fixed";

/** DAFormer with the entropy of mixed images pulled to a balance point. Source: spec "7.6 Entropy balance loss". */
export const entropyBalancingConfigSchema = z.object({
  method: z.literal("entropy-balancing").default("entropy-balancing"),
  ...sharedShape,
  balance: described(z.enum(["fixed", "ema-quantile"]).default("fixed"), {
    title: "Balance point",
    description: "As in the published program, or as in an earlier revision, which the published result may be of",
    group: ENTROPY,
    choices: { fixed: "fixed", "ema-quantile": "moving average of a quantile" },
  }),
  entropyWeight: described(z.number().nonnegative("the weight of a loss is 0 or more").nullable().default(null), {
    title: "Weight",
    description: "Of the loss",
    group: ENTROPY,
    range: { min: 0, max: 10, step: 0.01 },
    whenNull: "0.1 where the point is fixed, 0.01 where it moves",
  }),
  entropyTarget: described(z.number().nonnegative("an entropy is 0 or more").default(0.4), {
    title: "Point",
    description: "In nats: pixels above it are made surer, those below less sure; 19 classes reach 2.94",
    group: ENTROPY,
    range: { min: 0, max: 6, step: 0.1 },
    isUsedWith: isFixed,
  }),
  entropyQuantile: described(share("the quantile").default(0.6), {
    title: "Quantile",
    description: "Share of the pixels of a step whose entropy is below what the point follows",
    group: ENTROPY,
    range: SHARE_RANGE,
    isUsedWith: isMoving,
  }),
  entropyMomentum: described(decay("the momentum").default(0.9999), {
    title: "Momentum",
    description: "How slowly the point follows",
    group: ENTROPY,
    range: { min: 0, max: 0.99999, step: 0.0001 },
    isUsedWith: isMoving,
  }),
  entropyFloor: described(z.number().nonnegative("an entropy is 0 or more").default(0.6), {
    title: "Least point",
    description: "In nats; the point does not fall below",
    group: ENTROPY,
    range: { min: 0, max: 6, step: 0.1 },
    isUsedWith: isMoving,
  }),
});
export type EntropyBalancingConfig = z.infer<typeof entropyBalancingConfigSchema>;
