// Encoders with decode heads: sizes of the originals, names, recognition from keys, and what is said of others.
import { describe, expect, it, test } from "vitest";
import { type StateTensor, toFloat32 } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import { elementCount } from "../../../../src-main/engine/graph/node.ts";
import type { Architecture } from "../../../../src-main/engine/models/architecture.ts";
import { DAFORMER_FUSIONS, type DaformerFusion } from "../../../../src-main/engine/models/daformer-head.ts";
import { detectArchitecture } from "../../../../src-main/engine/models/detect-architecture.ts";
import { dlv2Head } from "../../../../src-main/engine/models/dlv2-head.ts";
import { ENCODER, encoderDecoder, HEAD } from "../../../../src-main/engine/models/encoder-decoder.ts";
import { initialStateDict } from "../../../../src-main/engine/models/initial-state-dict.ts";
import { daformerOf, mitOf } from "../../../../src-main/engine/models/mmseg-networks.ts";
import { resnetV1c } from "../../../../src-main/engine/models/resnet-v1c.ts";
import { segformerConvsHead, segformerHead } from "../../../../src-main/engine/models/segformer-head.ts";

const RESNET101V1C = resnetV1c("resnet101v1c", { block: "bottleneck", blocks: [3, 4, 23, 3], width: 64 });
const SEGFORMER = segformerHead({ numClasses: 19, width: 768, unusedWidth: 128 });

/** Numbers that are learnt, and tensors of them, below a beginning of keys. */
function countBelow({ keys }: Architecture, beginning: string): { numbers: number; tensors: number } {
  const learnt = [...keys].filter(([key]) => key.startsWith(beginning) && /\.(weight|bias)$/.test(key));
  return { numbers: learnt.reduce((sum, [, shape]) => sum + elementCount(shape), 0), tensors: learnt.length };
}

const shapesOf = ({ keys }: Architecture) => new Map([...keys].map(([key, shape]) => [key, { shape }]));

describe("encoders and heads have as many parameters as the originals", () => {
  // Source: spec of EBDA, "3.5", tensor counts; "4.4"; "5", parameter counts.
  it.each([
    ["mit_b0", 176],
    ["mit_b1", 176],
    ["mit_b2", 332],
    ["mit_b3", 572],
    ["mit_b4", 832],
    ["mit_b5", 1052],
  ])("%s: %i tensors", (name, tensors) => {
    expect(countBelow(daformerOf(name, 19), ENCODER).tensors).toBe(tensors);
  });

  const HEADS: Record<DaformerFusion, number> = {
    sepaspp: 3_712_275,
    conv1: 530_707,
    aspp: 9_969_939,
    isa: 1_058_579,
    sepaspp_bottleneck: 3_163_155,
  };
  it.each(DAFORMER_FUSIONS)("daformer_%s", (fusion) => {
    expect(countBelow(daformerOf("mit_b5", 19, fusion), HEAD).numbers).toBe(HEADS[fusion]);
  });

  it.each([
    ["SegFormer on MiT-B5", encoderDecoder(mitOf("mit_b5"), SEGFORMER), HEAD, 3_167_398],
    ["SegFormer on ResNet-101", encoderDecoder(RESNET101V1C, SEGFORMER), HEAD, 5_330_086],
    ["reduced DeepLabv2 on ResNet-101", encoderDecoder(RESNET101V1C, dlv2Head("dlv2red", 19)), HEAD, 700_454],
    ["ResNet-101-V1c", encoderDecoder(RESNET101V1C, dlv2Head("dlv2red", 19)), ENCODER, 42_519_392],
  ])("%s", (_, architecture, beginning, numbers) => {
    expect(countBelow(architecture, beginning).numbers).toBe(numbers);
  });
});

describe("recognises from its keys", () => {
  const NETWORKS: [string, Architecture][] = [
    ...DAFORMER_FUSIONS.map((fusion): [string, Architecture] => [fusion, daformerOf("mit_b2", 7, fusion)]),
    ["segformer", encoderDecoder(mitOf("mit_b0"), segformerHead({ numClasses: 5, width: 256, unusedWidth: null }))],
    ["segformer with an unused classifier", encoderDecoder(mitOf("mit_b4"), SEGFORMER)],
    ["segformer of mmsegmentation", encoderDecoder(mitOf("mit_b1"), segformerConvsHead({ numClasses: 4, width: 32 }))],
    ["dlv2 on MiT", encoderDecoder(mitOf("mit_b3"), dlv2Head("dlv2", 19))],
    ["dlv2red on ResNet-101-V1c", encoderDecoder(RESNET101V1C, dlv2Head("dlv2red", 19))],
    ["a narrow one", encoderDecoder(mitOf("mit_b0", 8), dlv2Head("dlv2red", 3))],
  ];
  it.each(NETWORKS)("%s", (_, network) => {
    const { arch, backbone, numClasses, keys } = detectArchitecture(shapesOf(network), "file.pth");
    expect({ arch, backbone, numClasses }).toEqual({
      arch: network.arch,
      backbone: network.backbone,
      numClasses: network.numClasses,
    });
    expect([...keys]).toEqual([...network.keys]);
  });

  const messageFor = (change: (keys: Map<string, { shape: readonly number[] }>) => void): string => {
    const keys = shapesOf(daformerOf("mit_b0", 19));
    change(keys);
    try {
      detectArchitecture(keys, "file.pth");
    } catch (error) {
      return (error as Error).message;
    }
    return "recognised";
  };
  const withoutHead = (keys: Map<string, unknown>): void => {
    for (const key of [...keys.keys()]) if (key.startsWith(HEAD)) keys.delete(key);
  };

  test("and says what is wrong with others", () => {
    expect(messageFor(withoutHead)).toBe(
      '"file.pth" holds the encoder mit_b0 alone, without a head that gives classes: training can start from it, prediction can\'t.',
    );
    const hrda = messageFor((keys) => {
      withoutHead(keys);
      keys.set("decode_head.head.conv_seg.weight", { shape: [19, 256, 1, 1] });
    });
    expect(hrda).toContain('"file.pth" is an HRDA network');
    const other = messageFor((keys) => {
      withoutHead(keys);
      keys.set("decode_head.psp_modules.0.weight", { shape: [1] });
    });
    expect(other).toContain('has the encoder mit_b0 with a head that is not known, with keys such as "decode_head.psp');
    expect(messageFor((keys) => keys.delete("backbone.block4.1.norm1.weight"))).toBe(
      '"file.pth" is a Mix Transformer with blocks 2-2-2-1, which is none of mit_b0, mit_b1, mit_b2, mit_b3, mit_b4, mit_b5.',
    );
  });
});

test("without files weights start as the originals' do", () => {
  const stateDict = initialStateDict(daformerOf("mit_b1", 19), 0, 1);
  const spreadOf = (key: string): number => {
    const data = toFloat32(stateDict.get(key) as StateTensor);
    return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
  };
  // Source: spec of EBDA, "3.6" and "4.3". A depthwise convolution counts the outputs of its group, a head's all of them.
  expect(spreadOf("backbone.block2.1.attn.kv.weight")).toBeCloseTo(0.02, 3);
  expect(spreadOf("backbone.block3.0.mlp.dwconv.dwconv.weight")).toBeCloseTo(Math.sqrt(2 / 9), 1);
  expect(spreadOf("backbone.patch_embed2.proj.weight")).toBeCloseTo(Math.sqrt(2 / (9 * 128)), 2);
  expect(spreadOf("backbone.block1.0.norm1.weight")).toBe(1);
  expect(spreadOf("backbone.block1.0.norm1.bias")).toBe(0);
  expect(spreadOf("backbone.block1.0.attn.q.bias")).toBe(0);
  expect(spreadOf("decode_head.conv_seg.weight")).toBeCloseTo(0.01, 3);
  expect(spreadOf("decode_head.embed_layers.0.proj.weight")).toBeCloseTo(Math.sqrt(1 / 3 / 64), 3);
  const pyramid = "decode_head.fuse_layer.aspp_modules.1.depthwise_conv.conv.weight";
  expect(spreadOf(pyramid)).toBeCloseTo(Math.sqrt(2 / (9 * 1024)), 3);
});

test("frozen stages are those of the encoder with their embedding and norm", () => {
  const { isFrozen, keys } = daformerOf("mit_b0", 19);
  const parts = new Set([...keys.keys()].filter((key) => isFrozen(key, [1, 3])).map((key) => key.split(".")[1]));
  expect([...parts].sort()).toEqual(["block1", "block3", "norm1", "norm3", "patch_embed1", "patch_embed3"]);
});
