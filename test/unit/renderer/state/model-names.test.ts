// Names of networks for people.
import { describe, expect, it } from "vitest";
import { modelName, modelNames } from "../../../../src-renderer/state/model-names.ts";

describe("names of networks", () => {
  it("are written as papers write them", () => {
    expect(modelNames("deeplab", "resnet50")).toBe("DeepLab, ResNet-50");
    expect(modelNames("deeplabv3plus", "resnet101")).toBe("DeepLabv3+, ResNet-101");
    expect(modelNames("daformer", "mit_b5")).toBe("DAFormer, MiT-B5");
    expect(modelNames("daformer_conv1", "resnet101v1c")).toBe("DAFormer (conv1), ResNet-101-V1c");
  });

  it("are not repeated where a network is its own backbone", () => {
    expect(modelNames("hrnet18", "hrnet18")).toBe("HRNet-W18");
  });

  it("stay as they are when unknown, and are empty when nothing was recognised", () => {
    expect(modelName("unet")).toBe("unet");
    expect(modelNames(null, null)).toBe("");
  });
});
