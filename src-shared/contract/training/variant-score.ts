// The variants of its weights that a method validates and keeps, and their scores.
import { z } from "zod";

export const variantSchema = z.object({
  /** What differs: "alpha", or which network it is: "student". */
  name: z.string(),
  /** Where the variants of this name differ in a number; null: there is one. */
  value: z.number().nullable(),
});
export type Variant = z.infer<typeof variantSchema>;

/** Mean IoU on the validation images. Records of before there were variants have the alpha of source training alone. */
export const variantScoreSchema = z.preprocess(
  withName,
  variantSchema.extend({
    /** 0..1 */
    miou: z.number(),
  }),
) as z.ZodType<VariantScore, VariantScore>;
export interface VariantScore extends Variant {
  miou: number;
}

/** A score with the epochs that its weights have seen. */
export const bestScoreSchema = z.preprocess(
  withName,
  variantSchema.extend({ miou: z.number(), epoch: z.int().nonnegative() }),
) as z.ZodType<BestScore, BestScore>;
export interface BestScore extends VariantScore {
  epoch: number;
}

/** alpha 0.1; student */
export function variantText({ name, value }: Variant): string {
  return value === null ? name : `${name} ${value}`;
}

export function isSameVariant(a: Variant, b: Variant): boolean {
  return a.name === b.name && a.value === b.value;
}

function withName(score: unknown): unknown {
  if (typeof score !== "object" || score === null || "name" in score || !("alpha" in score)) return score;
  const { alpha, ...others } = score;
  return { name: "alpha", value: alpha, ...others };
}
