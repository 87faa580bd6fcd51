// The published recipes of DA-SAC: three networks, two sources, two trainings. Source: spec "4", "5", "7", "9".
import {
  type DaSacBaselineConfig,
  type DaSacConfig,
  daSacBaselineConfigSchema,
  daSacConfigSchema,
  type PublishedNetwork,
} from "./da-sac.ts";

export const DA_SAC_SOURCES = ["gta5", "synthia"] as const;
export type DaSacSource = (typeof DA_SAC_SOURCES)[number];

/** What differs from the defaults, which are the DeepLabv2-ResNet-101's. */
const OF_NETWORK: Readonly<
  Record<
    PublishedNetwork,
    { readonly baseline: Partial<DaSacBaselineConfig>; readonly consistency: Partial<DaSacConfig> }
  >
> = {
  deeplabv2_resnet101: { baseline: {}, consistency: {} },
  deeplabv2_vgg16_bn: {
    baseline: { sourceBatchSize: 16, targetBatchSize: 2, sourceJitter: 0.4 },
    consistency: { targetLossWeight: 2, leastConfidence: 0.1 },
  },
  fcn_vgg16_bn: {
    baseline: { sourceBatchSize: 16, targetBatchSize: 2, sourceJitter: 0.4, baseLr: 5e-4 },
    consistency: { targetLossWeight: 2, leastConfidence: 0.1, baseLr: 5e-4 },
  },
};

/** Source images of GTA5 first get one size; SYNTHIA has no terrain, truck and train. The colours are GTA5's for both. */
const OF_SOURCE = {
  gta5: { sourceSize: [1052, 1914] },
  synthia: { ignoredClasses: [9, 14, 16] },
} as const satisfies Readonly<Record<DaSacSource, unknown>>;

/** The baseline's published recipe. */
export function daSacBaselinePreset(network: PublishedNetwork, source: DaSacSource): DaSacBaselineConfig {
  return daSacBaselineConfigSchema.parse({ ...OF_SOURCE[source], ...OF_NETWORK[network].baseline, network });
}

/** The consistency step's published recipe, on one device. */
export function daSacPreset(network: PublishedNetwork, source: DaSacSource): DaSacConfig {
  return daSacConfigSchema.parse({ ...OF_SOURCE[source], ...OF_NETWORK[network].consistency, network });
}

/** Crops that each device held with the least hardware the authors name, for `cropsPerDevice`. Source: spec "7.10". */
export const PUBLISHED_CROPS_PER_DEVICE: Readonly<Record<PublishedNetwork, number>> = {
  deeplabv2_resnet101: 2,
  deeplabv2_vgg16_bn: 4,
  fcn_vgg16_bn: 2,
};
