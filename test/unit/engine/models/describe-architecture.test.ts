// Architectures in numbers, against what is published of ResNet-50, and what the graph itself computes.
import { expect, it } from "vitest";
import { graphOf } from "../../../../src-main/engine/graph/graph.ts";
import { graphWork } from "../../../../src-main/engine/graph/graph-work.ts";
import { input } from "../../../../src-main/engine/graph/ops/input.ts";
import { forward } from "../../../../src-main/engine/models/architecture.ts";
import { describeArchitecture } from "../../../../src-main/engine/models/describe-architecture.ts";
import { deepLabOf } from "../../../../src-main/engine/models/detect-architecture.ts";
import { GraphScope } from "../../../../src-main/engine/models/model-scope.ts";
import { TINY_ARCHITECTURES } from "../../../helpers/tiny-architectures.ts";

const SIZE = { width: 128, height: 64 };

it("a ResNet-50 has its published 23,508,032 parameters below the classifier", () => {
  const { stages } = describeArchitecture(deepLabOf("resnet50", 19, 64), SIZE);
  const backbone = stages.filter(({ name }) => name !== "head").reduce((sum, { parameters }) => sum + parameters, 0);
  expect(backbone).toBe(23_508_032);
  expect(stages.map(({ name, outputs }) => [name, ...(outputs[0] ?? [])])).toEqual([
    ["stem", 1, 64, 16, 32],
    ["layer1", 1, 256, 16, 32],
    ["layer2", 1, 512, 8, 16],
    ["layer3", 1, 1024, 8, 16],
    ["layer4", 1, 2048, 8, 16],
    ["head", 1, 19, 8, 16],
  ]);
  expect(stages[1]?.blocks.map(({ name, output }) => [name, output])).toEqual(
    [0, 1, 2].map((block) => [`backbone.layer1.${block}`, [1, 256, 16, 32]]),
  );
  // 7 x 7 x 3 x 64 products for each of 32 x 64 pixels.
  expect(stages[0]?.multiplyAdds).toBe(7 * 7 * 3 * 64 * 32 * 64);
});

it("a transformer's blocks put out rows of tokens, and attention counts where it is", () => {
  const { stages } = describeArchitecture(TINY_ARCHITECTURES.daformer, SIZE);
  const blocks = stages[0]?.blocks ?? [];
  expect(blocks.map(({ name, output }) => [name, output])).toEqual([
    ["backbone.patch_embed1", [1, 8, 16, 32]],
    ["backbone.block1", [1, 16 * 32, 8]],
    ["backbone.norm1", []],
  ]);
  const [tokens, keys, channels] = [16 * 32, 2 * 4, 8];
  // Per block: queries and projection, reduction, keys and values, attention twice, feed-forward with its 3x3 convolution.
  const linear = 2 * tokens * channels ** 2 + 64 * keys * channels ** 2 + 2 * keys * channels ** 2;
  const mixed = tokens * (2 * 4 * channels ** 2 + 9 * 4 * channels);
  expect(blocks[1]?.multiplyAdds).toBe(2 * (linear + 2 * tokens * keys * channels + mixed));
});

it.each(Object.entries(TINY_ARCHITECTURES))(
  "%s: blocks add up to stages, stages to the whole graph",
  (_, architecture) => {
    const { stages, multiplyAdds, parameters } = describeArchitecture(architecture, SIZE);
    for (const { blocks, ...stage } of stages) {
      if (blocks.length === 0) continue;
      expect(blocks.reduce((sum, block) => sum + block.multiplyAdds, 0)).toBe(stage.multiplyAdds);
      expect(blocks.reduce((sum, block) => sum + block.parameters, 0)).toBe(stage.parameters);
    }
    const image = input("image", [1, 3, SIZE.height, SIZE.width]);
    const scope = new GraphScope(architecture.normalization, { statistics: "running" });
    const logits = forward(architecture, scope, image).logits;
    expect(2 * multiplyAdds).toBe(graphWork(graphOf({ logits })).flop);
    expect(parameters).toBeGreaterThan(0);
  },
);
