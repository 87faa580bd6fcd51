// What the streams of a training make of an image: planes for a batch; of a rare class's image, until enough of it is in the crop.
import type {
  DaformerConfig,
  EntropyBalancingConfig,
} from "../../../../src-shared/contract/training/entropy-balancing.ts";
import type { SourceImage } from "../../datasets/labelled-images.ts";
import { mixSeeds } from "../../random.ts";
import type { SampleMaker } from "../../training/samples/sample.ts";
import { type Draws, seededDraws } from "../shared/draws.ts";
import { fitted, type PairSample, type PairSettings, pairSample } from "./pair-sample.ts";
import { classOfSample, type RareClasses } from "./rare-classes.ts";

/** Plain data. */
export interface StreamSettings {
  readonly domain: "source" | "target";
  readonly config: DaformerConfig | EntropyBalancingConfig;
  /** Null: images are drawn alike. */
  readonly rare: RareClasses | null;
}

/** Streams of the training's seed. */
const STREAMS = { source: 35, target: 36 } as const;
/** Crops that are drawn again; the last is taken as it is. Source: spec "8. Rare Class Sampling". */
const MOST_REDRAWS = 10;

export function entropyBalancingSampleMaker(settings: unknown): SampleMaker {
  const { domain, config, rare } = settings as StreamSettings;
  const isSource = domain === "source";
  const { cropSize, flip } = config;
  const box = isSource ? config.sourceSize : config.targetSize;
  const pipeline = {
    cropSize,
    mostOfOneClass: isSource ? config.mostOfOneClass : 1,
    flip,
  };
  return (read, { draw }) => {
    const draws = seededDraws(mixSeeds(config.seed, STREAMS[domain], draw));
    const whole = fitted(isSource ? read : { ...read, labels: null }, box);
    const sample =
      isSource && rare !== null
        ? rareClassSample(whole, pipeline, draws, {
            wanted: classOfSample(rare, config.seed, draw),
            least: config.rareMinPixels * config.rareMinCropRatio,
          })
        : pairSample(whole, pipeline, draws);
    const image = { shape: [3, ...cropSize], data: sample.image };
    return isSource ? { image, labels: { shape: [...cropSize], data: Int32Array.from(sample.labels) } } : { image };
  };
}

/**
 * A sample with more than the least pixels of the class, if ten more draws bring one.
 *
 * @param read  fitted
 */
export function rareClassSample(
  read: SourceImage,
  settings: PairSettings,
  draws: Draws,
  { wanted, least }: { readonly wanted: number; readonly least: number },
): PairSample {
  let sample = pairSample(read, settings, draws);
  for (let k = 0; k < MOST_REDRAWS && pixelsOf(sample, wanted) <= least; k += 1) {
    sample = pairSample(read, settings, draws);
  }
  return sample;
}

function pixelsOf({ labels }: PairSample, id: number): number {
  return labels.reduce((sum, label) => (label === id ? sum + 1 : sum), 0);
}
