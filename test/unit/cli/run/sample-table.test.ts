// The table of the built-in sample: domains and images with their gains, and sentences that say what the table says.
import { describe, expect, it } from "vitest";
import { sampleTable } from "../../../../src-main/cli/run/sample-table.ts";
import type { RunResults } from "../../../../src-shared/contract/results.ts";

const scores = (miou: number) => ({ miou, iou: [miou] });
const scored = (source: number, before: number, after: number) => ({
  source: scores(source),
  before: scores(before),
  after: scores(after),
});
const image = (domain: string, name: string, ...values: readonly [number, number, number]) => ({
  path: `/sample/${domain}/images/${name}.png`,
  domain,
  ...scored(...values),
});

function results(...pooled: readonly [number, number, number]): RunResults {
  const domains = { fog: scored(0.1, 0.2, 0.25), night: scored(0.3, 0.4, 0.39) };
  const images = [
    image("fog", "000", 0.1, 0.2, 0.26),
    image("fog", "001", 0.1, 0.2, 0.2004),
    image("night", "000", 0.3, 0.4, 0.39),
  ];
  // Only what a table shows.
  return { command: "adapt", images, summary: { domains, ...scored(...pooled) } } as unknown as RunResults;
}

describe("the table of the sample", () => {
  it("has a row for each domain with its images below, and the gain over the checkpoint as it is stored", () => {
    expect(sampleTable(results(0.2, 0.3, 0.314)).slice(0, 7)).toEqual([
      "mean IoU in percent  alpha 0  as stored  adapted  gain",
      "fog                     10.0       20.0     25.0  +5.0",
      "  000.png               10.0       20.0     26.0  +6.0",
      "  001.png               10.0       20.0     20.0  +0.0",
      "night                   30.0       40.0     39.0  −1.0",
      "  000.png               30.0       40.0     39.0  −1.0",
      "all together            20.0       30.0     31.4  +1.4",
    ]);
  });

  it("is summed up without contradicting itself: what is shown as equal is neither better nor worse", () => {
    const [, sentence, other] = sampleTable(results(0.2, 0.3, 0.314)).slice(7);
    expect(sentence).toBe(
      "Adapting to each image gains 1.4 points of mean IoU against the checkpoint as it is stored (30.0 → 31.4 %): 1 of 3 images better, 1 worse.",
    );
    expect(other).toBe(
      "Against plain inference with the statistics of the training images (alpha 0) it gains 11.4 points of mean IoU.",
    );
    expect(sampleTable(results(0.2, 0.3, 0.28)).join("\n")).toContain("loses 2.0 points of mean IoU against");
    expect(sampleTable(results(0.2, 0.3, 0.3001)).join("\n")).toContain("changes nothing in mean IoU against");
  });
});
