// The conditions that the built-in street scenes come in.

/** The first is the source domain, the others are targets. */
export const SAMPLE_DOMAINS = ["clear", "fog", "night", "rain"] as const;
export type SampleDomain = (typeof SAMPLE_DOMAINS)[number];
