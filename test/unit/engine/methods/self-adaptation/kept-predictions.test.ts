// What is handed out on the way: the right iterations, each as a run of that length ends, the last one the result itself.
import { describe, expect, it } from "vitest";
import { joinBands, type ScoreBands } from "../../../../../src-main/engine/images/score-bands.ts";
import { predict } from "../../../../../src-main/engine/methods/inference/predict.ts";
import { selfAdapt } from "../../../../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import type { ResultKeeper, ScoreKind } from "../../../../../src-main/engine/methods/shared/run-options.ts";
import { testTimeAugmentation } from "../../../../../src-main/engine/methods/test-time-augmentation/test-time-augmentation.ts";
import { adaptationConfigSchema } from "../../../../../src-shared/contract/adaptation-config.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { blockImage, tinyModel } from "../../../../helpers/tiny-model.ts";
import "../../../../helpers/to-be-all-close.ts";

const model = tinyModel(onnxRuntime);
const image = blockImage(64, 48);
const config = adaptationConfigSchema.parse({ numEpochs: 5, threshold: 0.5 });

class Kept implements ResultKeeper {
  readonly keeps: (iteration: number) => boolean;
  readonly scores = new Map<number, Float32Array>();
  readonly kinds: ScoreKind[] = [];
  pseudoLabels = 0;

  constructor(every: number) {
    this.keeps = (iteration) => iteration % every === 0;
  }

  prediction = async (iteration: number, bands: ScoreBands, kind: ScoreKind): Promise<void> => {
    expect(this.scores.has(iteration)).toBe(false);
    this.scores.set(iteration, await joinBands(bands, { numClasses: 19, ...image }));
    this.kinds.push(kind);
  };

  pseudoLabel = async ({ width, height }: { width: number; height: number }): Promise<void> => {
    expect([width, height]).toEqual([image.width, image.height]);
    this.pseudoLabels += 1;
  };
}

async function adapted(numEpochs: number, keeper?: ResultKeeper) {
  const options = keeper === undefined ? {} : { keeper };
  const { prediction, losses, weights } = await selfAdapt(model, image, { ...config, numEpochs }, options);
  weights.dispose();
  return { prediction, losses };
}

describe("kept predictions", () => {
  it("come first, every so many iterations, and last", async () => {
    for (const [every, expected] of [
      [1, [0, 1, 2, 3, 4, 5]],
      [2, [0, 2, 4, 5]],
      [5, [0, 5]],
      [9, [0, 5]],
    ] as const) {
      const kept = new Kept(every);
      await adapted(5, kept);
      expect([...kept.scores.keys()]).toEqual(expected);
      expect(kept.pseudoLabels).toBe(1);
    }
  });

  it("are what a run of that many iterations ends with, bit by bit", async () => {
    const kept = new Kept(1);
    await adapted(5, kept);
    for (const iterations of [0, 1, 3, 5]) {
      expect(kept.scores.get(iterations)).toEqual((await adapted(iterations)).prediction.scores);
    }
  });

  it("change nothing about the result", async () => {
    expect(await adapted(5, new Kept(2))).toEqual(await adapted(5));
  });

  it("are one prediction when there are no iterations", async () => {
    const kept = new Kept(1);
    const { prediction } = await adapted(0, kept);
    expect([...kept.scores.keys()]).toEqual([0]);
    expect(kept.scores.get(0)).toEqual(prediction.scores);
  });

  it("of test-time augmentation are the unadapted logits and the fused probabilities", async () => {
    const kept = new Kept(1);
    const { scores } = await testTimeAugmentation(model, image, config, { keeper: kept });
    expect(kept.scores.get(0)).toEqual((await predict(model, image)).scores);
    expect(kept.scores.get(1)).toEqual(scores);
    expect(kept.kinds).toEqual(["logits", "probabilities"]);
  });

  it("of plain inference are the result", async () => {
    const kept = new Kept(1);
    const { scores } = await predict(model, image, { keeper: kept });
    expect([...kept.scores]).toEqual([[0, scores]]);
  });
});
