// The configurations of DAFormer and EBDA, by the original's names; of the one for foggy and rainy Cityscapes it has only the title.
// Source: spec of EBDA, "1. At a glance", "10.3 Pipelines", "10.4", "11.2 Run naming".

/** What differs from the schema's defaults, which are those of Cityscapes → ACDC. */
interface Preset {
  readonly name: string;
  readonly changes: object;
}

const SUFFIX = "uda_warm_fdthings_rcs_croppl_a999_daformer_mitb5_s0";

export const ENTROPY_BALANCING_PRESETS: readonly Preset[] = [
  { name: `cs2acdc_${SUFFIX}`, changes: {} },
  { name: "Cityscapes → foggy and rainy Cityscapes", changes: { targetSize: [512, 1024] } },
  {
    name: `gta2cs_${SUFFIX}`,
    changes: { sourceSize: [720, 1280], targetSize: [512, 1024], epochSteps: 4000, numEpochs: 10 },
  },
];
