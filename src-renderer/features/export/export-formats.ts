// The formats of an export in words: what each file is, and which of them repeat the run.
import {
  EXPORT_FORMATS,
  type ExportFormat,
  RECOMPUTED_FORMATS,
} from "../../../src-shared/contract/workbench/exports.ts";

interface FormatWords {
  readonly title: string;
  readonly file: string;
  readonly sentence: string;
}

export const FORMAT_WORDS: Readonly<Record<ExportFormat, FormatWords>> = {
  trainIds: { title: "Train ids", file: "PNG", sentence: "One byte a pixel: the class as the model counts it." },
  labelIds: {
    title: "Label ids",
    file: "PNG",
    sentence: "One byte a pixel: the ids that Cityscapes' benchmark reads.",
  },
  color: { title: "Colours", file: "PNG", sentence: "The classes in the colours of the palette." },
  overlay: { title: "Overlay", file: "PNG", sentence: "The colours over the image." },
  coco: {
    title: "COCO",
    file: "JSON",
    sentence: "A mask in run lengths for each class, as COCO-Stuff's annotations; categories by Cityscapes' label ids.",
  },
  csv: { title: "Table", file: "CSV", sentence: "IoU of every class and the loss of every iteration." },
  json: { title: "Record", file: "JSON", sentence: "The run with everything that made it." },
  report: {
    title: "Report",
    file: "HTML",
    sentence: "Pictures, curves and parameters on one page that needs nothing else.",
  },
  probabilities: { title: "Probabilities", file: "NPZ", sentence: "float32 [classes, height, width] for NumPy." },
  weights: {
    title: "Adapted weights",
    file: "safetensors",
    sentence: "The network as the run left it, as a checkpoint.",
  },
  onnx: { title: "Adapted model", file: "ONNX", sentence: "The network as the run left it, for other programs." },
};

export interface FormatGroup {
  readonly title: string;
  readonly sentence: string | null;
  readonly formats: readonly ExportFormat[];
}

const PICTURES: readonly ExportFormat[] = ["trainIds", "labelIds", "color", "overlay", "coco"];

/** All formats, each once: labels and pictures, tables, and what repeats the run. */
export const FORMAT_GROUPS: readonly FormatGroup[] = [
  { title: "Labels and pictures", sentence: null, formats: PICTURES },
  {
    title: "Figures",
    sentence: null,
    formats: EXPORT_FORMATS.filter((format) => !PICTURES.includes(format) && !RECOMPUTED_FORMATS.includes(format)),
  },
  {
    title: "Repeats the run",
    sentence: "Not kept with a run: it is computed once more, and the labels are checked to come out the same.",
    formats: RECOMPUTED_FORMATS,
  },
];

/** Whether the choice of palette or of opacity changes any file. */
export function usesPalette(formats: readonly ExportFormat[]): boolean {
  return formats.some((format) => format === "color" || format === "overlay" || format === "report");
}

export function usesOpacity(formats: readonly ExportFormat[]): boolean {
  return formats.some((format) => format === "overlay" || format === "report");
}

/** Toggled, and in the order in which formats are listed. */
export function toggledFormat(chosen: readonly ExportFormat[], format: ExportFormat): ExportFormat[] {
  const isIn = chosen.includes(format);
  return EXPORT_FORMATS.filter((other) => (other === format ? !isIn : chosen.includes(other)));
}
