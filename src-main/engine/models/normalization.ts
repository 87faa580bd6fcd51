// How networks keep their normalisation layers: under which keys, and whether with an alpha of their own.

/** Added to variances under the root, as in every layer of the originals. */
export const BATCH_NORM_EPSILON = 1e-5;
/** Share of the newest statistics in a running-statistics update. */
export const BATCH_NORM_MOMENTUM = 0.1;

/**
 * `adaptive`: SelfAdaptiveNormalization, a batch normalisation beside an alpha (`X.batch_norm.weight`, `X.alpha`). `plain`: the
 * batch normalisation alone (`X.weight`), whose alpha no file has: it is given at use, and is 0 otherwise.
 */
export type NormalizationFlavour = "adaptive" | "plain";

export interface NormKeys {
  readonly alpha: string;
  readonly weight: string;
  readonly bias: string;
  readonly mean: string;
  readonly variance: string;
  readonly count: string;
}

/** Keys of one normalisation layer. That of a plain one's alpha is in no state dict; graphs and programs name it so. */
export function normKeys(layer: string, flavour: NormalizationFlavour): NormKeys {
  const norm = flavour === "adaptive" ? `${layer}.batch_norm` : layer;
  return {
    alpha: `${layer}.alpha`,
    weight: `${norm}.weight`,
    bias: `${norm}.bias`,
    mean: `${norm}${MEAN_ENDING}`,
    variance: `${norm}.running_var`,
    count: `${norm}.num_batches_tracked`,
  };
}

/** Only normalisation layers have one. */
const MEAN_ENDING = ".running_mean";

/** The keys of every normalisation layer among the keys of a network, in their order. */
export function normLayers(keys: Iterable<string>, flavour: NormalizationFlavour): NormKeys[] {
  const ending = flavour === "adaptive" ? `.batch_norm${MEAN_ENDING}` : MEAN_ENDING;
  return [...keys].flatMap((key) => (key.endsWith(ending) ? [normKeys(key.slice(0, -ending.length), flavour)] : []));
}
