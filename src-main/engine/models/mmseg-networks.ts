// Networks of an encoder and a decode head: by their names, and recognised from the keys and shapes of a state dict.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { Architecture } from "./architecture.ts";
import { type DaformerFusion, daformerHead } from "./daformer-head.ts";
import { DLV2_RATES, type Dlv2Name, dlv2Head } from "./dlv2-head.ts";
import { type DecodeHead, ENCODER, type Encoder, encoderDecoder, HEAD } from "./encoder-decoder.ts";
import { type MitConfig, mit } from "./mit.ts";
import { segformerConvsHead, segformerHead } from "./segformer-head.ts";

/** Shapes by key. */
type KeyShapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

/** Source: spec of EBDA, "3.1 Variants". */
const MITS: readonly (MitConfig & { readonly name: string })[] = [
  { name: "mit_b0", headWidth: 32, depths: [2, 2, 2, 2] },
  { name: "mit_b1", headWidth: 64, depths: [2, 2, 2, 2] },
  { name: "mit_b2", headWidth: 64, depths: [3, 4, 6, 3] },
  { name: "mit_b3", headWidth: 64, depths: [3, 4, 18, 3] },
  { name: "mit_b4", headWidth: 64, depths: [3, 8, 27, 3] },
  { name: "mit_b5", headWidth: 64, depths: [3, 6, 40, 3] },
];
export type MitName = "mit_b0" | "mit_b1" | "mit_b2" | "mit_b3" | "mit_b4" | "mit_b5";

/** Of DAFormer's head. Source: spec of EBDA, "4.1 Forward". */
const DAFORMER_WIDTHS = { embedWidth: 256, width: 256 };

/** @param width  channels of an attention head, where they are not the original's */
export function mitOf(name: string, width?: number): Encoder {
  const known = MITS.find((one) => one.name === name);
  if (known !== undefined) return mit(name, width === undefined ? known : { ...known, headWidth: width });
  const names = MITS.map((one) => one.name).join(", ");
  throw new AppError("checkpoint.architecture", `There is no encoder "${name}"; choose one of ${names}.`);
}

/** DAFormer, or one of its variants. @throws AppError `checkpoint.architecture` for a name that is not known */
export function daformerOf(encoder: string, numClasses: number, fusion: DaformerFusion = "sepaspp"): Architecture {
  return encoderDecoder(mitOf(encoder), daformerHead({ fusion, numClasses, ...DAFORMER_WIDTHS }));
}

/** Channels of SegFormer's head; of the larger encoders more. Source: SegFormer (NeurIPS 2021), "4.1", hyper-parameter C. */
const SEGFORMER_WIDTHS = { small: 256, large: 768 };

/** SegFormer with its all-MLP head. @throws AppError `checkpoint.architecture` for a name that is not known */
export function segformerOf(encoder: string, numClasses: number): Architecture {
  const isSmall = encoder === "mit_b0" || encoder === "mit_b1";
  const width = isSmall ? SEGFORMER_WIDTHS.small : SEGFORMER_WIDTHS.large;
  return encoderDecoder(mitOf(encoder), segformerHead({ numClasses, width, unusedWidth: null }));
}

/** mmsegmentation's own SegFormer has it, and layer norms that are all alike. Source: its `backbones/mit.py`. */
const MMSEG_SEGFORMER = `${HEAD}convs.0.conv.weight`;
const MMSEG_EPSILON = 1e-6;

/** A Mix Transformer has it; its outputs are those of the first attention head. */
export const MIT_KEY = `${ENCODER}patch_embed1.proj.weight`;

/**
 * The network of an encoder's and a head's keys.
 *
 * @param source  file name for the error message
 * @throws AppError `checkpoint.architecture` for a head or a number of blocks that is none we know
 */
export function detectEncoderDecoder(encoder: Encoder, keys: KeyShapes, source: string): Architecture {
  const head = detectHead(keys);
  if (head !== null) return encoderDecoder(encoder, head);
  throw new AppError("checkpoint.architecture", `"${source}" ${headProblem(keys, encoder)}`);
}

/** The Mix Transformer whose blocks these are; narrower ones of the same blocks are recognised, too. */
export function detectMit(keys: KeyShapes, source: string): Encoder {
  const depths = [1, 2, 3, 4].map((stage) => countBlocks(keys, stage));
  const headWidth = outputsOf(keys, MIT_KEY);
  const sameDepths = MITS.filter((known) => known.depths.join() === depths.join());
  const known = sameDepths.find((one) => one.headWidth === headWidth) ?? sameDepths.at(0);
  const epsilon = keys.has(MMSEG_SEGFORMER) ? { embeddingEpsilon: MMSEG_EPSILON } : {};
  if (known !== undefined) return mit(known.name, { ...known, headWidth, ...epsilon });
  throw new AppError(
    "checkpoint.architecture",
    `"${source}" is a Mix Transformer with blocks ${depths.join("-")}, which is none of ${MITS.map(({ name }) => name).join(", ")}.`,
  );
}

/** Whether keys are those of a Mix Transformer's ImageNet file: the encoder's without `backbone.`. */
export function isMitAlone(keys: KeyShapes): boolean {
  return keys.has(MIT_KEY.slice(ENCODER.length));
}

/** Why such a file can't be run. */
export function mitAlone(keys: KeyShapes, source: string): AppError {
  const { name } = detectMit(new Map([...keys].map(([key, shape]) => [`${ENCODER}${key}`, shape])), source);
  return new AppError(
    "checkpoint.architecture",
    `"${source}" holds ImageNet weights of ${name}, without a head that gives classes of pixels: ` +
      "training can start from it, prediction can't.",
  );
}

function countBlocks(keys: KeyShapes, stage: number): number {
  let count = 0;
  while (keys.has(`${ENCODER}block${stage}.${count}.norm1.weight`)) count += 1;
  return count;
}

function detectHead(keys: KeyShapes): DecodeHead | null {
  const outputs = (key: string): number => outputsOf(keys, `${HEAD}${key}`);
  const fusion = fusionOf(keys);
  if (fusion !== null) {
    return daformerHead({
      fusion,
      numClasses: outputs("conv_seg.weight"),
      embedWidth: outputs("embed_layers.0.proj.weight"),
      width: keys.get(`${HEAD}conv_seg.weight`)?.shape[1] ?? 0,
    });
  }
  if (keys.has(`${HEAD}linear_c.0.proj.weight`)) {
    return segformerHead({
      numClasses: outputs("linear_pred.weight"),
      width: outputs("linear_c.0.proj.weight"),
      unusedWidth: keys.get(`${HEAD}conv_seg.weight`)?.shape[1] ?? null,
    });
  }
  if (keys.has(MMSEG_SEGFORMER)) {
    return segformerConvsHead({ numClasses: outputs("conv_seg.weight"), width: outputs("convs.0.conv.weight") });
  }
  const name = dlv2NameOf(keys);
  return name === null ? null : dlv2Head(name, outputs("aspp_modules.0.conv.bias"));
}

/** By keys that only one of the variants has. */
function fusionOf(keys: KeyShapes): DaformerFusion | null {
  const has = (key: string): boolean => keys.has(`${HEAD}${key}`);
  if (!has("embed_layers.0.proj.weight")) return null;
  if (has("fuse_layer.aspp_modules.1.depthwise_conv.conv.weight")) return "sepaspp";
  if (has("fuse_layer.aspp_modules.1.conv.weight")) return "aspp";
  if (has("fuse_layer.in_conv.conv.weight")) return "isa";
  if (has("embed_layers.3.0.weight")) return "sepaspp_bottleneck";
  return has("fuse_layer.conv.weight") ? "conv1" : null;
}

function dlv2NameOf(keys: KeyShapes): Dlv2Name | null {
  // Heads of DeepLabv3 have no bias here.
  let branches = 0;
  while (keys.has(`${HEAD}aspp_modules.${branches}.conv.bias`)) branches += 1;
  const names = Object.keys(DLV2_RATES) as Dlv2Name[];
  return names.find((name) => DLV2_RATES[name].length === branches) ?? null;
}

function outputsOf(keys: KeyShapes, key: string): number {
  return keys.get(key)?.shape[0] ?? 0;
}

function headProblem(keys: KeyShapes, { name }: Encoder): string {
  const names = [...keys.keys()].filter((key) => key.startsWith(HEAD));
  if (names.length === 0) {
    return `holds the encoder ${name} alone, without a head that gives classes: training can start from it, prediction can't.`;
  }
  if (names.some((key) => key.startsWith(`${HEAD}head.`) || key.startsWith(`${HEAD}scale_attention.`))) {
    return "is an HRDA network, which predicts at two resolutions at once; Acclimate runs DAFormer, SegFormer and DeepLabv2 heads on it.";
  }
  return `has the encoder ${name} with a head that is not known, with keys such as "${names[0]}"; use DAFormer's, SegFormer's or DeepLabv2's.`;
}
