// Where it is kept what input a network in an ONNX file takes: in the file's own metadata, or in a small file beside it.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { OnnxModel } from "../../checkpoints/onnx/onnx-model.ts";
import { INPUT_FORMS, type InputForm, type InputFormName } from "../input-form.ts";

/** Of `metadata_props`. */
export const INPUT_FORM_KEY = "acclimate.input";

const NAMES = Object.keys(INPUT_FORMS) as [InputFormName, ...InputFormName[]];
const perChannel = z.tuple([z.number(), z.number(), z.number()]);
const formSchema = z.union([
  z.enum(NAMES),
  z.object({
    mean: perChannel,
    std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
    isBgr: z.boolean(),
  }),
]);
const keptSchema = z.object({ input: formSchema });

/** MODEL.onnx.json beside MODEL.onnx. */
export function keptFormPath(modelPath: string): string {
  return `${modelPath}.json`;
}

export interface KeptInputForm {
  readonly form: InputForm;
  /** Whether anybody has said it. */
  readonly isStated: boolean;
}

/**
 * ImageNet's where neither says it: most exporters' networks were trained so.
 *
 * @throws AppError `input.unreadable` for a file beside the model that says something else
 */
export async function inputFormOf(
  modelPath: string,
  { metadata }: Pick<OnnxModel, "metadata">,
): Promise<KeptInputForm> {
  const path = keptFormPath(modelPath);
  const text = await readFile(path, "utf8").catch(() => null);
  if (text !== null) return { form: parsed(text, path), isStated: true };
  const stated = metadata[INPUT_FORM_KEY];
  if (stated === undefined) return { form: INPUT_FORMS.imagenet, isStated: false };
  return { form: parsed(`{"input": ${stated}}`, modelPath), isStated: true };
}

function parsed(text: string, path: string): InputForm {
  const json = jsonOf(text);
  const kept = keptSchema.safeParse(json);
  if (!kept.success) {
    throw new AppError(
      "input.unreadable",
      `"${basename(path)}" does not say what input the network takes; write {"input": "${NAMES.join('" | "')}"}, or mean, std (per ` +
        "channel, of values 0..1) and isBgr.",
    );
  }
  const { input } = kept.data;
  return typeof input === "string" ? INPUT_FORMS[input] : input;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
