// Self-adaptation on a tiny model: what it changes and what it leaves alone, when it stops, and what it tells.
import { describe, expect, it } from "vitest";
import { predict } from "../../../../../src-main/engine/methods/inference/predict.ts";
import {
  type Adaptation,
  type AdaptationOptions,
  selfAdapt,
} from "../../../../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import { type AdaptationConfig, adaptationConfigSchema } from "../../../../../src-shared/contract/adaptation-config.ts";
import { CancelledError } from "../../../../../src-shared/contract/errors.ts";
import { type RunEvent, runEventSchema } from "../../../../../src-shared/contract/run-events.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { blockImage, copied, tinyModel } from "../../../../helpers/tiny-model.ts";
import "../../../../helpers/to-be-all-close.ts";

const model = tinyModel(onnxRuntime);
const image = blockImage(64, 64);
const config = adaptationConfigSchema.parse({ numEpochs: 4, threshold: 0.5 });
const CLOSE = { relative: 1e-5, absolute: 1e-5 };

/** The numbers of a run, after its weights are disposed of. */
async function numbersOf(run: Promise<Adaptation>) {
  const { prediction, pseudoLabel, losses, weights } = await run;
  const numbers = { prediction, pseudoLabel, losses, weights: await copied(weights.tensors) };
  weights.dispose();
  return numbers;
}

const adapt = (change: Partial<AdaptationConfig> = {}, options: AdaptationOptions = {}) =>
  numbersOf(selfAdapt(model, image, { ...config, ...change }, options));

describe("the constant part", () => {
  it.each([
    ["plain SGD", {}],
    ["momentum and weight decay", { momentum: 0.9, weightDecay: 1e-3, baseLr: 0.01 }],
    ["only the head trained", { resnetLayers: [1, 2, 3, 4] }],
  ])("computed once gives what computing it in every iteration gives: %s", async (_, change) => {
    const once = await adapt(change);
    const everyTime = await adapt(change, { split: { constant: [], iterated: model.architecture.stages } });
    expect(once.losses).toBeAllClose(everyTime.losses, CLOSE);
    expect([...once.weights.keys()].sort()).toEqual([...everyTime.weights.keys()].sort());
    for (const [key, data] of once.weights) {
      expect(data, key).toBeAllClose(everyTime.weights.get(key) ?? [], CLOSE);
    }
    expect(once.prediction.scores).toBeAllClose(everyTime.prediction.scores, { relative: 1e-4, absolute: 1e-4 });
  });
});

describe("selfAdapt", () => {
  it("lowers the loss", async () => {
    const { losses } = await adapt();
    expect(losses).toHaveLength(4);
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
  });

  it("is plain inference when there are no iterations", async () => {
    const { prediction, losses } = await adapt({ numEpochs: 0 });
    expect(prediction).toEqual(await predict(model, image));
    expect(losses).toEqual([]);
  });

  it("leaves the model's own weights as they are, bit by bit", async () => {
    const before = await copied(model.base);
    const { weights } = await adapt({ momentum: 0.9, weightDecay: 1e-4 });
    expect(await copied(model.base)).toEqual(before);
    expect(weights.get("cls_head.weight")).not.toEqual(before.get("cls_head.weight"));
  });

  it("gives the same numbers every time", async () => {
    expect(await adapt()).toEqual(await adapt());
  });

  it("leaves frozen parameters as they are, and lets their running statistics drift", async () => {
    const { weights } = await adapt({ resnetLayers: [1, 2, 3] });
    const base = await copied(model.base);
    const changed = [...weights].filter(([key, data]) => data.some((value, k) => value !== base.get(key)?.[k]));
    const names = changed.map(([key]) => key);
    const frozen = /^backbone\.(conv1|bn1|layer[123])\./;
    expect(names.filter((key) => frozen.test(key) && !key.includes(".running_"))).toEqual([]);
    expect(names).toContain("backbone.bn1.batch_norm.running_mean");
    expect(names).toContain("backbone.layer4.0.conv1.weight");
  });

  it("starts with the velocities of the image before when they are handed on", async () => {
    const settings = { ...config, momentum: 0.9, baseLr: 0.01 };
    const first = await selfAdapt(model, image, settings);
    const velocities = first.weights.takeVelocities();
    first.weights.dispose();
    const second = await numbersOf(selfAdapt(model, image, settings, { velocities }));
    expect(second.losses[0]).toBe(first.losses[0]);
    expect(second.losses[1]).not.toBe(first.losses[1]);
  });
});

describe("events", () => {
  it("come in order, and keep to their schema", async () => {
    const events: RunEvent[] = [];
    const { losses, pseudoLabel } = await adapt({}, { onEvent: (event) => events.push(event) });
    for (const event of events) expect(runEventSchema.parse(event)).toEqual(event);
    expect(events.map(({ type }) => type)).toEqual([
      ...new Array(6).fill("viewFinished"),
      "pseudoLabelFinished",
      ...new Array(4).fill("iterationFinished"),
      "predictionFinished",
    ]);
    expect(events.slice(0, 6)).toMatchObject(
      [0.25, 0.25, 0.5, 0.5, 0.75, 0.75].map((scale, index) => ({ index, count: 6, scale, flipped: index % 2 === 1 })),
    );
    const { keptPixels, perClass } = pseudoLabel;
    expect(events[6]).toEqual({
      ...{ type: "pseudoLabelFinished", keptPixels, pixels: 64 * 64, perClass: [...perClass] },
      // Its value: view-votes.test.ts.
      agreement: expect.any(Number),
    });
    expect(events.slice(7, 11)).toMatchObject(losses.map((loss, k) => ({ iteration: k + 1, iterations: 4, loss })));
  });
});

describe("cancelling", () => {
  it.each([
    ["before the first view", 0],
    ["between views", 2],
    ["after the pseudo-label", 7],
    ["between iterations", 9],
    ["after the last iteration", 11],
  ])("%s ends the run there, and the next run is not affected", async (_, count) => {
    const controller = new AbortController();
    const events: RunEvent[] = [];
    const onEvent = (event: RunEvent) => {
      events.push(event);
      if (events.length === count) controller.abort();
    };
    if (count === 0) controller.abort();
    await expect(adapt({}, { onEvent, signal: controller.signal })).rejects.toThrow(CancelledError);
    expect(events).toHaveLength(count);
    expect((await adapt()).losses).toEqual((await uninterrupted).losses);
  });

  const uninterrupted = adapt();
});

describe("what cannot be adapted to", () => {
  it("no pixel above the threshold", async () => {
    await expect(adapt({ threshold: 1 })).rejects.toMatchObject({
      code: "method.diverged",
      message: "No pixel of the image exceeds the threshold 1, so there is nothing to adapt to; lower the threshold.",
    });
  });

  it("no pixel above the threshold is no obstacle when there are no iterations", async () => {
    expect((await adapt({ threshold: 1, numEpochs: 0 })).pseudoLabel.keptPixels).toBe(0);
  });

  it("a learning rate with which the weights run away", async () => {
    await expect(adapt({ baseLr: 1e30 })).rejects.toMatchObject({
      code: "method.diverged",
      message: expect.stringMatching(
        /^The loss is (NaN|-?Infinity) in iteration \d: the weights have run away; lower the learning rate \(now 1e\+30\)\.$/,
      ),
    });
  });

  it("an image of which the network leaves a single pixel", async () => {
    const events: RunEvent[] = [];
    const whole = { ...config, scales: [1] };
    const options = { onEvent: (event: RunEvent) => events.push(event) };
    await expect(selfAdapt(model, blockImage(8, 8), whole, options)).rejects.toMatchObject({
      code: "image.size",
      message:
        "An image of 8 x 8 pixels is too small to adapt to: the network reduces it to a single pixel, which has no " +
        "variance; use an image of more than 8 pixels in width or height.",
    });
    expect(events).toEqual([]);
  });

  it.each([
    [9, 8],
    [8, 9],
  ])("but an image of %i x %i pixels works, and so does plain inference below it", async (width, height) => {
    const whole = { ...config, scales: [1] };
    const { losses } = await numbersOf(selfAdapt(model, blockImage(width, height), whole));
    expect(losses.every(Number.isFinite)).toBe(true);
    const tiny = await numbersOf(selfAdapt(model, blockImage(8, 8), { ...whole, numEpochs: 0 }));
    expect(tiny.prediction.scores.every(Number.isFinite)).toBe(true);
  });
});
