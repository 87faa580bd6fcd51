// Samples of both trainings, from their configuration: which seed, iteration and place a sample has alone decides how it is
// changed, whichever thread makes it.
import type { DaSacBaselineConfig, DaSacConfig } from "../../../../src-shared/contract/training/da-sac.ts";
import { normalize as imageNet, type Normalize } from "../../images/normalize.ts";
import { mixSeeds } from "../../random.ts";
import { seededDraws } from "../shared/draws.ts";
import type { ReadPicture } from "./masked-picture.ts";
import { sourceNormalizer } from "./normalize-picture.ts";
import {
  type PlainAugmentation,
  type PlainSample,
  plainPicture,
  plainSample,
  type ValidationView,
  validationPicture,
} from "./plain-sample.ts";
import { type TargetAugmentation, type TargetSample, targetCrops, targetSample } from "./target-sample.ts";

/** Where a sample belongs: the training's iteration, from 0 over all epochs, and its place in that batch. */
export interface SampleAt {
  readonly iteration: number;
  readonly place: number;
}

/** The two domains of a batch draw from streams of their own. */
const SOURCE_STREAM = 1;
const TARGET_STREAM = 2;

export interface BaselineSamples {
  readonly source: (read: ReadPicture, at: SampleAt) => PlainSample;
  readonly target: (read: ReadPicture, at: SampleAt) => PlainSample;
  readonly validation: (read: ReadPicture) => PlainSample;
}

export interface ConsistencySamples {
  readonly source: (read: ReadPicture, at: SampleAt) => PlainSample;
  readonly target: (read: ReadPicture, at: SampleAt) => TargetSample;
  readonly validation: (read: ReadPicture) => PlainSample;
}

/** Step 1: target images are changed like the source's, but keep their own size and colours. Source: spec "5. Step 1". */
export function baselineSamples(config: DaSacBaselineConfig): BaselineSamples {
  const ofSource = sourceAugmentation(config);
  const ofTarget = { ...ofSource, fixedSize: null };
  return {
    source: plainSampler(ofSource, sourceNormalize(config), config.seed, SOURCE_STREAM),
    target: plainSampler(ofTarget, imageNet, config.seed, TARGET_STREAM),
    validation: validationSampler(config),
  };
}

/** Step 3. Source: spec "7.2", "7.3". */
export function consistencySamples(config: DaSacConfig): ConsistencySamples {
  const ofTarget = targetAugmentation(config);
  return {
    source: plainSampler(sourceAugmentation(config), sourceNormalize(config), config.seed, SOURCE_STREAM),
    target: (read, { iteration, place }) => {
      const draws = seededDraws(mixSeeds(config.seed, TARGET_STREAM, iteration, place));
      return targetSample(targetCrops(read, ofTarget, draws), ofTarget.cropSize);
    },
    validation: validationSampler(config),
  };
}

/** Validation images keep their colours, those of the source too. Source: spec "2.1", "8". */
function validationSampler({ cropSize, validationBy }: DaSacBaselineConfig | DaSacConfig) {
  const view: ValidationView = { fixedSize: null, size: cropSize, by: validationBy };
  return (read: ReadPicture) => plainSample(validationPicture(read, view), imageNet);
}

function plainSampler(augmentation: PlainAugmentation, normalize: Normalize, seed: number, stream: number) {
  return (read: ReadPicture, { iteration, place }: SampleAt) => {
    const draws = seededDraws(mixSeeds(seed, stream, iteration, place));
    return plainSample(plainPicture(read, augmentation, draws), normalize);
  };
}

function sourceNormalize(config: DaSacBaselineConfig | DaSacConfig) {
  const source = { mean: config.sourceMean, std: config.sourceStd };
  const target = { mean: config.targetMean, std: config.targetStd };
  return sourceNormalizer(config.renormalizeSource ? { source, target } : null);
}

function sourceAugmentation(config: DaSacBaselineConfig | DaSacConfig): PlainAugmentation {
  return {
    fixedSize: config.sourceSize,
    scale: config.sourceScale,
    flip: config.mirrored,
    blur: config.sourceBlur,
    jitter: config.sourceJitter,
    cropSize: config.cropSize,
  };
}

function targetAugmentation(config: DaSacConfig): TargetAugmentation {
  return {
    copies: config.copies,
    cropSize: config.cropSize,
    scale: config.targetScale,
    flip: config.mirrored,
    guidedFlip: config.guidedFlip,
    zoom: config.zoom,
    blur: config.targetBlur,
    jitter: config.targetJitter,
    grayscale: config.targetGray,
  };
}
