// What `acclimate inspect` tells on request: statistics of the weights, the architecture, differences from another file.
import type {
  ArchitectureDescription,
  NetworkSize,
  TensorChange,
  TensorStatistics,
} from "../../../src-shared/contract/workbench/checkpoints.ts";
import { stateDictChanges, stateDictStatistics } from "../../engine/checkpoints/tensor-statistics.ts";
import { shapeText } from "../../engine/graph/node.ts";
import { architectureOf } from "../../engine/models/architecture-of.ts";
import { describeArchitecture } from "../../engine/models/describe-architecture.ts";
import { type Checkpoint, loadCheckpoint } from "../../engine/models/load-checkpoint.ts";
import { tableLines } from "../terminal/table.ts";

export interface DetailOptions {
  readonly statistics: boolean;
  /** Of the network's input. */
  readonly architecture?: NetworkSize | undefined;
  /** Another checkpoint's file. */
  readonly against?: string | undefined;
}

export interface InspectionDetails {
  readonly statistics?: readonly TensorStatistics[];
  readonly architecture?: ArchitectureDescription;
  readonly changes?: readonly TensorChange[];
}

/** @throws AppError `checkpoint.*`, `input.*` */
export async function inspectionDetails(
  checkpoint: Checkpoint,
  { statistics, architecture, against }: DetailOptions,
): Promise<InspectionDetails> {
  const { stateDict } = checkpoint;
  return {
    ...(statistics ? { statistics: stateDictStatistics(stateDict) } : {}),
    ...(architecture === undefined
      ? {}
      : { architecture: describeArchitecture(architectureOf(checkpoint), architecture) }),
    ...(against === undefined ? {} : { changes: await changesFrom(against, stateDict) }),
  };
}

async function changesFrom(path: string, stateDict: Checkpoint["stateDict"]): Promise<TensorChange[]> {
  return stateDictChanges((await loadCheckpoint(path)).stateDict, stateDict);
}

export function detailLines({ statistics, architecture, changes }: InspectionDetails): string[] {
  return [
    ...(architecture === undefined ? [] : ["", ...architectureLines(architecture)]),
    ...(statistics === undefined ? [] : ["", ...statisticsLines(statistics)]),
    ...(changes === undefined ? [] : ["", ...changeLines(changes)]),
  ];
}

function architectureLines({ stages, parameters, multiplyAdds, input }: ArchitectureDescription): string[] {
  const shapes = (outputs: readonly (readonly number[])[]): string => outputs.map(shapeText).join(" ");
  const rows = stages.flatMap((stage) => [
    [stage.name, shapes(stage.outputs), countText(stage.parameters), countText(stage.multiplyAdds)],
    ...stage.blocks.map((block) => [
      `  ${block.name}`,
      block.output.length === 0 ? "" : shapeText(block.output),
      countText(block.parameters),
      countText(block.multiplyAdds),
    ]),
  ]);
  const sum = ["together", `${input.width} x ${input.height} pixels`, countText(parameters), countText(multiplyAdds)];
  return tableLines(["stage", "output", "parameters", "multiply-adds"], [...rows, sum]);
}

function statisticsLines(statistics: readonly TensorStatistics[]): string[] {
  const rows = statistics.map(({ key, min, max, mean, deviation, zeros, values, notNumbers, infinities }) => [
    oneLine(key),
    ...[min, max, mean, deviation].map(numberText),
    values === 0 ? "-" : `${((100 * zeros) / values).toFixed(1)} %`,
    String(notNumbers),
    String(infinities),
  ]);
  return tableLines(["key", "least", "greatest", "mean", "deviation", "zeros", "no numbers", "infinite"], rows);
}

const CHANGE_WORDS: Readonly<Record<Exclude<TensorChange["kind"], "changed">, string>> = {
  same: "unchanged",
  otherShape: "of another shape",
  onlyHere: "only in the other file",
  onlyThere: "only in this file",
};

/** What changed most comes first. */
function changeLines(changes: readonly TensorChange[]): string[] {
  const rank = ({ kind, relative }: TensorChange): number => (kind === "same" ? -1 : (relative ?? Number.MAX_VALUE));
  const rows = changes
    .toSorted((a, b) => rank(b) - rank(a))
    .map(({ key, kind, relative, largest }) => [
      oneLine(key),
      kind !== "changed"
        ? CHANGE_WORDS[kind]
        : relative === null
          ? "from zeros"
          : `${(100 * relative).toPrecision(3)} %`,
      numberText(largest),
    ]);
  return tableLines(["key", "change", "largest of one value"], rows);
}

function numberText(value: number | null): string {
  return value === null ? "-" : String(Number(value.toPrecision(4)));
}

function countText(count: number): string {
  return count.toLocaleString("en");
}

/** Text from a file, without what could move the cursor. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "?");
}
