// Where a network is cut: what no iteration changes comes first.
import { describe, expect, it } from "vitest";
import { splitAtFirstTrained } from "../../../../../src-main/engine/methods/self-adaptation/adaptation-graphs.ts";
import { deepLabOf } from "../../../../../src-main/engine/models/detect-architecture.ts";

describe("splitAtFirstTrained", () => {
  const architecture = deepLabOf("resnet18", 19, 8);

  it.each([
    [
      [1, 2],
      ["stem", "layer1", "layer2"],
    ],
    [[1], ["stem", "layer1"]],
    [[], ["stem"]],
    [[2], ["stem"]],
    [[3, 4], ["stem"]],
    [
      [4, 3, 2, 1],
      ["stem", "layer1", "layer2", "layer3", "layer4"],
    ],
  ])("frozen layers %j leave %j constant", (layers, names) => {
    const { constant, iterated } = splitAtFirstTrained(architecture, layers);
    expect(constant.map(({ name }) => name)).toEqual(names);
    expect([...constant, ...iterated]).toEqual(architecture.stages);
  });
});
