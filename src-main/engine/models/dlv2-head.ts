// DeepLabv2's head as mmsegmentation networks have it, on the coarsest map: convolutions of several reaches, summed.
import { add } from "../graph/ops/add.ts";
import { type DecodeHead, HEAD } from "./encoder-decoder.ts";
import { isBias, ZEROS } from "./initial-values.ts";
import { biasedConv } from "./residual-blocks.ts";

/** Dilations of the branches: all of DeepLabv2's, or the first two. Source: spec of EBDA, "5", DeepLabV2 head. */
export const DLV2_RATES = { dlv2: [6, 12, 18, 24], dlv2red: [6, 12] } as const;
export type Dlv2Name = keyof typeof DLV2_RATES;

/** Standard deviation of the weights. */
const DEVIATION = 0.01;

export function dlv2Head(name: Dlv2Name, numClasses: number): DecodeHead {
  return {
    name,
    numClasses,
    apply: (scope, [, , , coarsest]) =>
      DLV2_RATES[name]
        .map((dilation, k) =>
          biasedConv(scope, coarsest, numClasses, 3, { stride: 1, dilation }, `${HEAD}aspp_modules.${k}.conv`),
        )
        .reduce((sum, branch) => add(sum, branch)),
    firstKeys: [],
    unusedKeys: new Map(),
    initialValues: (key) => (isBias(key) ? ZEROS : { deviation: DEVIATION }),
  };
}
