// What the benchmarks' servers want, in a sentence each.
import type { BenchmarkId } from "../../../src-shared/contract/workbench/evaluations.ts";

export const BENCHMARK_WORDS: Readonly<Record<BenchmarkId, { readonly name: string; readonly wants: string }>> = {
  cityscapes: {
    name: "Cityscapes",
    wants: "Label ids (road is 7), 2048 x 1024, named CITY_SEQUENCE_FRAME_labelIds.png, of the whole test split.",
  },
  acdc: { name: "ACDC", wants: "Train ids (road is 0), 1920 x 1080, named as the images: …_rgb_anon.png." },
  "dark-zurich": {
    name: "Dark Zurich",
    wants: "Train ids (road is 0), 1920 x 1080, named as the images: …_rgb_anon.png.",
  },
};

/** The benchmark that a data set of this layout is for. */
export function likelyBenchmark(layout: string | undefined): BenchmarkId {
  if (layout === "acdc") return "acdc";
  return layout === "dark-zurich" ? "dark-zurich" : "cityscapes";
}
