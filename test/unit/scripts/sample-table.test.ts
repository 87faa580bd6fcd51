// The table of what the methods bring on the sample, and where it goes in a text.
import { describe, expect, it } from "vitest";
import { betweenMarkers, meanAndDeviation, scoresTable, targetMeans } from "../../../scripts/sample/table.ts";

const SCORES = { clear: [60, 62], fog: [40, 42], night: [30, 30], rain: [44, 45] };

describe("the table", () => {
  it("has every domain and the targets' mean, each with its deviation over the seeds", () => {
    expect(scoresTable([{ title: "adapted", scores: SCORES }]).split("\n")).toEqual([
      "| mean IoU in % | clear | fog | night | rain | mean of fog, night, rain |",
      "| --- | ---: | ---: | ---: | ---: | ---: |",
      "| adapted | 61.0 ± 1.4 | 41.0 ± 1.4 | 30.0 ± 0.0 | 44.5 ± 0.7 | 38.5 ± 0.7 |",
    ]);
  });

  it("takes the mean of the targets seed by seed, without the source domain", () => {
    expect(targetMeans(SCORES)).toEqual([38, 39]);
  });

  it("gives no deviation of a single seed", () => {
    expect(meanAndDeviation([41.25])).toBe("41.3");
  });
});

describe("the place between markers", () => {
  it("is filled, and filled again, and nothing else changes", () => {
    const text = "before\n<!-- t -->\nold\n<!-- /t -->\nafter\n";
    const once = betweenMarkers(text, "t", "new");
    expect(once).toBe("before\n<!-- t -->\nnew\n<!-- /t -->\nafter\n");
    expect(betweenMarkers(once, "t", "new")).toBe(once);
  });

  it("is asked for where it is missing", () => {
    expect(() => betweenMarkers("text", "t", "new")).toThrow(
      'There is no "<!-- t -->" with a "<!-- /t -->" behind it.',
    );
  });
});
