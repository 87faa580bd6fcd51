// What a person reads of an evaluation: IoU per class, then each figure with what it is.
import { type EvaluationSummary, FIGURE_DEFINITIONS } from "../../../src-shared/contract/evaluation.ts";
import { countText, percentText } from "../terminal/format.ts";
import { tableLines } from "../terminal/table.ts";

export function summaryText(summary: EvaluationSummary, classes: readonly string[], output: string): string[] {
  const { images, labelled, failed, pooled, calibration } = summary;
  const failures = failed === 0 ? "" : `, ${failed} failed`;
  const end = `${countText(images, "image")} (${labelled} with labels${failures}), records and figures in "${output}".`;
  if (pooled === null) return [...uncertaintyLines(summary), "", end];
  const rows = classes.map((name, trainId) => [name, percentText(pooled.iou[trainId] ?? null)]);
  return [
    ...tableLines(["class", "IoU"], [...rows, ["mean (mIoU)", percentText(pooled.miou)]]),
    "",
    figure("pooled mIoU", percentText(pooled.miou), FIGURE_DEFINITIONS.miou),
    figure("mean image mIoU", percentText(summary.meanImageMiou), FIGURE_DEFINITIONS.meanImageMiou),
    ...(calibration === null ? [] : [figure("ECE", percentText(calibration.ece), FIGURE_DEFINITIONS.ece)]),
    ...uncertaintyLines(summary),
    "",
    end,
  ];
}

function uncertaintyLines({ entropy, confidence }: EvaluationSummary): string[] {
  return [
    figure("entropy", percentText(entropy), FIGURE_DEFINITIONS.entropy),
    figure("confidence", percentText(confidence), FIGURE_DEFINITIONS.confidence),
  ];
}

function figure(name: string, value: string, definition: string): string {
  return `${name.padEnd(16)} ${value.padStart(5)} %  ${definition}`;
}
