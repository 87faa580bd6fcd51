// Source training of transformers: which network, which optimizer, and what is refused.
import { expect, it } from "vitest";
import { optimizerOf } from "../../../../../src-main/engine/methods/source-training/optimizer.ts";
import { sourceTrainingWork } from "../../../../../src-main/engine/methods/source-training/step-work.ts";
import { architectureOf } from "../../../../../src-main/engine/methods/source-training/training-architecture.ts";
import { sourceTrainingConfigSchema } from "../../../../../src-shared/contract/training/source-training.ts";

const configOf = (archType: string, backboneName = "mit_b0") =>
  sourceTrainingConfigSchema.parse({ archType, backboneName, optimizer: "adamw", cropSize: [64, 64], batchSize: 2 });

it.each(["daformer", "daformer_conv1", "daformer_aspp", "daformer_isa", "segformer"])("%s on MiT-B0", (archType) => {
  const { arch, backbone, normalization } = architectureOf(configOf(archType));
  expect([arch, backbone, normalization]).toEqual([archType, "mit_b0", "plain"]);
});

it("has AdamW's two slots and a single variant, since plain normalisation has no alpha", () => {
  const { slots, variants } = sourceTrainingWork(configOf("daformer_conv1"));
  expect({ slots, variants }).toEqual({ slots: 2, variants: 1 });
});

it("lets the head learn ten times as fast as the encoder, layer norms without decay", () => {
  const scalars = optimizerOf({ optimizer: "adamw", momentum: 0.9, weightDecay: 0.01 }).scalars(6e-5, 0);
  expect(scalars.get("learningRate.head")).toBeCloseTo(6e-4, 12);
  expect(scalars.get("learningRate")).toBeCloseTo(6e-5, 12);
  expect(scalars.get("weightDecay.norm")).toBe(0);
});

it("refuses a ResNet under a transformer's head by the encoders that there are", () => {
  expect(() => architectureOf(configOf("daformer", "resnet50"))).toThrow(/no encoder "resnet50"; choose one of mit_b0/);
});
