// Groups of parameters by parts of their keys, as configurations of mmcv give them (`paramwise_cfg.custom_keys`).
import type { ParameterGroup } from "./parameter-groups.ts";

/** What a group has differently; 1 and 1 unless given. */
export interface KeyedRule {
  /** Factor of the learning rate. */
  readonly rate?: number;
  /** Factor of the weight decay. */
  readonly decay?: number;
}

/** DAFormer's. Source: spec of EBDA, "9. Optimizer and schedule". */
export const DAFORMER_RULES: Readonly<Record<string, KeyedRule>> = {
  head: { rate: 10 },
  pos_block: { decay: 0 },
  norm: { decay: 0 },
};

/**
 * One group for each rule, of the parameters whose key contains its name anywhere, and one of all others. Of several names in
 * a key the longest counts, of equally long ones the first of the alphabet: batch normalisation of a `decode_head` is `head`.
 *
 * @param decay  weight decay where no rule says otherwise
 */
export function keyedGroups(decay: number, rules: Readonly<Record<string, KeyedRule>>): ParameterGroup[] {
  const names = Object.keys(rules).toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return [
    ...names.map((name): ParameterGroup => {
      const rule = rules[name] ?? {};
      return { name, matches: (key) => key.includes(name), rate: rule.rate ?? 1, decay: decay * (rule.decay ?? 1) };
    }),
    { name: "", matches: () => true, rate: 1, decay },
  ];
}
