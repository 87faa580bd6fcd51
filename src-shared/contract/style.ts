// How an image is put into another's style, as commands and the window say it.
import { z } from "zod";

export const STYLES = ["fourier", "reinhard"] as const;

/** Names for people. */
export const STYLE_NAMES: Readonly<Record<(typeof STYLES)[number], string>> = {
  fourier: "Fourier",
  reinhard: "Reinhard",
};

/** The published share. Source: spec of CISS, "3.1 FDA". */
export const DEFAULT_BETA = 0.01;
/** What beta stays below: with a half nothing of an image's own amplitudes would be left. */
export const BETA_BELOW = 0.5;

export const betaSchema = z.number().min(0, "beta is at least 0").lt(BETA_BELOW, `beta is less than ${BETA_BELOW}`);

export const styleSchema = z.discriminatedUnion("style", [
  z.object({ style: z.literal("fourier"), beta: betaSchema.default(DEFAULT_BETA) }),
  z.object({ style: z.literal("reinhard") }),
]);
export type Style = z.infer<typeof styleSchema>;
