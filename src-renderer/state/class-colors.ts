// Names and colours of classes in the palette that is shown.

import type { Settings } from "../../src-shared/contract/workbench/system.ts";
import { labelSetFor, type ModelClasses } from "../../src-shared/labels/label-sets.ts";

export interface ClassColor {
  readonly trainId: number;
  readonly name: string;
  /** For style sheets: "rgb(128 64 128)". */
  readonly color: string;
}

/** Every class of a model. */
export function classColors(model: ModelClasses, palette: Settings["palette"]): readonly ClassColor[] {
  const set = labelSetFor(model);
  const colors = palette === "cityscapes" ? set.palette : set.colorBlindSafePalette;
  return set.names.map((name, trainId) => ({
    trainId,
    name,
    color: `rgb(${(colors[trainId] ?? [0, 0, 0]).join(" ")})`,
  }));
}
