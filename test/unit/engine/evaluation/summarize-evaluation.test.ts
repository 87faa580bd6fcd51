// Figures follow from records alone: the same in any order, from any division, and equal to a brute-force reference.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scoreImage } from "../../../../src-main/engine/evaluation/score-image.ts";
import { itemsOfShard, parseShard } from "../../../../src-main/engine/evaluation/shard.ts";
import { summarizeEvaluation } from "../../../../src-main/engine/evaluation/summarize-evaluation.ts";
import type { EvaluatedImage } from "../../../../src-shared/contract/evaluation.ts";

const CLASSES = 4;
/** The last images tell none, as in a data set whose folders only in part are domains. */
const DOMAINS = ["fog", "night", null];

interface RandomImage {
  readonly width: number;
  readonly height: number;
  readonly labels: readonly number[];
  readonly logits: readonly number[];
}

/** Images of mixed sizes, some of whose pixels are ignored. */
const randomImage: fc.Arbitrary<RandomImage> = fc
  .record({ width: fc.integer({ min: 1, max: 6 }), height: fc.integer({ min: 1, max: 5 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      labels: fc.array(fc.constantFrom(0, 1, 2, 3, 255), { minLength: width * height, maxLength: width * height }),
      logits: fc.array(fc.float({ min: -8, max: 8, noNaN: true }), {
        minLength: CLASSES * width * height,
        maxLength: CLASSES * width * height,
      }),
    }),
  );
const randomImages = fc.array(randomImage, { minLength: 1, maxLength: 8 });

function recordOf({ width, height, labels, logits }: RandomImage, index: number): EvaluatedImage {
  const scores = { scores: Float32Array.from(logits), kind: "logits", losses: [] } as const;
  return scoreImage({
    key: `image-${index}`,
    domain: DOMAINS[index % DOMAINS.length] ?? null,
    size: { width, height },
    labels: { width, height, data: Uint8Array.from(labels) },
    scores,
    numClasses: CLASSES,
    milliseconds: 0,
  }).record;
}

/** As a killed and resumed evaluation reads them: from JSON. */
function reread(record: EvaluatedImage): EvaluatedImage {
  return JSON.parse(JSON.stringify(record)) as EvaluatedImage;
}

describe("figures", () => {
  test("are bit for bit the same from any division into shards, in any order, after a detour through the disk", () => {
    fc.assert(
      fc.property(randomImages, fc.integer({ min: 1, max: 5 }), fc.boolean(), (images, count, reversed) => {
        const records = images.map(recordOf);
        const whole = summarizeEvaluation(records, CLASSES, 0);
        const shards = Array.from({ length: count }, (_, i) => itemsOfShard(records, { index: i + 1, count }));
        const joined = (reversed ? shards.toReversed() : shards).flat().map(reread);
        expect(JSON.stringify(summarizeEvaluation(joined, CLASSES, 0))).toBe(JSON.stringify(whole));
      }),
    );
  });

  test("equal a count over all pixels, ignored ones left out, whatever the sizes", () => {
    fc.assert(
      fc.property(randomImages, (images) => {
        const { pooled } = summarizeEvaluation(images.map(recordOf), CLASSES, 0);
        const pairs = images.flatMap(labelsAndPredictions);
        const ious = Array.from({ length: CLASSES }, (_, c) => {
          const both = pairs.filter(([label, predicted]) => label === c && predicted === c).length;
          const either = pairs.filter(([label, predicted]) => label === c || predicted === c).length;
          return either === 0 ? null : both / either;
        });
        const present = ious.filter((iou) => iou !== null);
        const mean = present.length === 0 ? null : present.reduce((sum, iou) => sum + iou, 0) / present.length;
        expect(pooled?.iou).toEqual(ious);
        if (mean === null) expect(pooled?.miou).toBeNull();
        else expect(pooled?.miou).toBeCloseTo(mean, 12);
      }),
    );
  });

  test("of a domain are those of an evaluation of its images alone", () => {
    fc.assert(
      fc.property(randomImages, (images) => {
        const records = images.map(recordOf);
        const { domains } = summarizeEvaluation(records, CLASSES, 0);
        const expected = ["fog", "night"].flatMap((name) => {
          const own = records.filter(({ domain }) => domain === name);
          if (own.length === 0) return [];
          const { pooled, meanImageMiou } = summarizeEvaluation(own, CLASSES, 0);
          return [
            { name, images: own.length, labelled: own.length, miou: pooled?.miou, iou: pooled?.iou, meanImageMiou },
          ];
        });
        expect(domains).toEqual(expected);
      }),
    );
  });

  test("of images without labels are unknown, not 0", () => {
    const size = { width: 1, height: 1 };
    const scores = { scores: Float32Array.of(0, 0, 0, 0), kind: "logits", losses: [] } as const;
    const unlabelled = { key: "a", domain: "fog", size, labels: null, numClasses: CLASSES, milliseconds: 0 };
    const { record } = scoreImage({ ...unlabelled, scores });
    const summary = summarizeEvaluation([record], CLASSES, 0);
    expect(summary).toMatchObject({ images: 1, labelled: 0, pooled: null, calibration: null, meanImageMiou: null });
    const unknown = { miou: null, iou: [null, null, null, null], meanImageMiou: null };
    expect(summary.domains).toEqual([{ name: "fog", images: 1, labelled: 0, ...unknown }]);
    expect(summary.entropy).toBe(1); // four equal logits
    expect(summary.confidence).toBe(0.25);
  });
});

describe("shards", () => {
  test("divide all images, each into one", () => {
    const items = ["c", "a", "e", "b", "d"].map((key) => ({ key }));
    const shards = [1, 2].map((index) => itemsOfShard(items, { index, count: 2 }).map(({ key }) => key));
    expect(shards).toEqual([
      ["a", "c", "e"],
      ["b", "d"],
    ]);
  });

  test.each(["0/2", "3/2", "2", "a/b", "1/2/3", ""])("%j is refused", (text) => {
    expect(() => parseShard(text)).toThrow("give it as 2/4");
  });
});

/** Pairs of label and largest logit at every pixel that counts; the first of equal logits wins. */
function labelsAndPredictions({ labels, logits }: RandomImage): [number, number][] {
  const pixels = labels.length;
  return labels.flatMap((label, pixel): [number, number][] => {
    if (label === 255) return [];
    const ofPixel = Array.from({ length: CLASSES }, (_, c) => logits[c * pixels + pixel] ?? Number.NaN);
    return [[label, ofPixel.indexOf(Math.max(...ofPixel))]];
  });
}
