// How a learning rate changes over a run: the factor of every step.

/** The factor of the base rate in the step with this index, from 0. */
export type Schedule = (step: number) => number;

export function constant(): Schedule {
  return () => 1;
}

/** (1 − t/T)^power, where T is the number of steps or a little more; 0 from there on. */
export function poly(total: number, power: number): Schedule {
  return (step) => Math.max(0, 1 - step / total) ** power;
}

/**
 * Below `warmup.steps` another schedule times a factor that grows linearly from `warmup.ratio`, from there on that schedule alone.
 * Source: mmcv 1.x, `LrUpdaterHook.get_warmup_lr`, "linear".
 */
export function warmUp(warmup: { readonly steps: number; readonly ratio: number }, then: Schedule): Schedule {
  return (step) => {
    if (step >= warmup.steps) return then(step);
    return then(step) * (1 - (1 - step / warmup.steps) * (1 - warmup.ratio));
  };
}

/** Multiplied by `factor` at each of these steps. */
export function stepwise(milestones: readonly number[], factor: number): Schedule {
  return (step) => factor ** milestones.filter((milestone) => step >= milestone).length;
}

/** (1 + cos(π·t/period)) / 2, which is 0 at the period and rises again. Source: PyTorch's `CosineAnnealingLR` without restarts. */
export function cosine(period: number): Schedule {
  return (step) => (1 + Math.cos((Math.PI * step) / period)) / 2;
}
