// What a person reads of an evaluation: IoU per class, then each figure with what it is.
import type { ComparedMethod } from "../../../src-shared/contract/compared-methods.ts";
import { type EvaluationSummary, FIGURE_DEFINITIONS } from "../../../src-shared/contract/evaluation.ts";
import { labelledClasses, predictedAloneSentence } from "../../../src-shared/labels/labelled-classes.ts";
import { unknownSentence } from "../../../src-shared/labels/unknown-sentence.ts";
import { countText, percentText } from "../terminal/format.ts";
import { tableLines } from "../terminal/table.ts";

export function summaryText(summary: EvaluationSummary, classes: readonly string[], output: string): string[] {
  const { images, labelled, failed, pooled, calibration } = summary;
  const failures = failed === 0 ? "" : `, ${failed} failed`;
  const end = `${countText(images, "image")} (${labelled} with labels${failures}), records and figures in "${output}".`;
  if (pooled === null) return [...uncertaintyLines(summary), "", end];
  const rows = classes.map((name, trainId) => [name, percentText(pooled.iou[trainId] ?? null)]);
  return [
    ...domainLines(summary),
    ...tableLines(["class", "IoU"], [...rows, ["mean (mIoU)", percentText(pooled.miou)]]),
    "",
    figure("pooled mIoU", percentText(pooled.miou), FIGURE_DEFINITIONS.miou),
    ...labelledLines(summary, classes),
    figure("mean image mIoU", percentText(summary.meanImageMiou), FIGURE_DEFINITIONS.meanImageMiou),
    ...(calibration === null ? [] : [figure("ECE", percentText(calibration.ece), FIGURE_DEFINITIONS.ece)]),
    ...uncertaintyLines(summary),
    ...(summary.unknownLabels === undefined ? [] : ["", unknownSentence(summary.unknownLabels)]),
    "",
    end,
  ];
}

/** Where some classes are only predicted: the mean without them, and which they are. */
function labelledLines(summary: EvaluationSummary, names: readonly string[]): string[] {
  const classes = labelledClasses(summary);
  const sentence = classes === null ? null : predictedAloneSentence(classes, names);
  if (classes === null || sentence === null) return [];
  return [figure("labelled mIoU", percentText(classes.miou), `${FIGURE_DEFINITIONS.labelledMiou} ${sentence}`)];
}

function domainLines({ domains, pooled, images }: EvaluationSummary): string[] {
  if (domains.length < 2) return [];
  const rows = domains.map(({ name, images: count, miou }) => [name, String(count), percentText(miou)]);
  const all = ["all together", String(images), percentText(pooled?.miou ?? null)];
  return [...tableLines(["domain", "images", "mIoU"], [...rows, all]), ""];
}

export interface EvaluatedMethod extends ComparedMethod {
  readonly summary: EvaluationSummary;
}

/** A row for each method, a column for each domain. */
export function comparisonText(methods: readonly EvaluatedMethod[], output: string): string[] {
  const names = methods[0]?.summary.domains.map(({ name }) => name) ?? [];
  const rows = methods.map(({ title, summary: { domains, pooled } }) => [
    title,
    ...names.map((name) => percentText(domains.find((domain) => domain.name === name)?.miou ?? null)),
    percentText(pooled?.miou ?? null),
  ]);
  return [
    ...tableLines(["mIoU in percent", ...names, "all together"], rows),
    "",
    ...(names.length === 0 ? [] : [FIGURE_DEFINITIONS.domains]),
    FIGURE_DEFINITIONS.miou,
    `Records and figures of each method in a folder of "${output}".`,
  ];
}

function uncertaintyLines({ entropy, confidence, overlapAgreement: overlap }: EvaluationSummary): string[] {
  return [
    figure("entropy", percentText(entropy), FIGURE_DEFINITIONS.entropy),
    figure("confidence", percentText(confidence), FIGURE_DEFINITIONS.confidence),
    ...(overlap === null ? [] : [figure("overlap", percentText(overlap), FIGURE_DEFINITIONS.overlapAgreement)]),
  ];
}

function figure(name: string, value: string, definition: string): string {
  return `${name.padEnd(16)} ${value.padStart(5)} %  ${definition}`;
}
