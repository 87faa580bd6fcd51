// The means of IoU that the original logs, and the one that its "Mean-13" is named after. Source: spec of CROTS, "12. Validation".
import type { CrotsMean } from "../../../../src-shared/contract/training/crots.ts";
import type { ConfusionMatrix } from "../../metrics/confusion-matrix.ts";
import { segmentationScores } from "../../metrics/iou.ts";

/** Terrain, truck and train, which SYNTHIA has not. */
const NOT_IN_SYNTHIA = [9, 14, 16] as const;

const LEFT_OUT: Readonly<Record<CrotsMean, readonly number[]>> = {
  all: [],
  "16": NOT_IN_SYNTHIA,
  // Wall, fence and pole, as the protocol has it; the original leaves out fence, pole and traffic light.
  "13": [...NOT_IN_SYNTHIA, 3, 4, 5],
  "13-released": [...NOT_IN_SYNTHIA, 4, 5, 6],
};

/** Over the classes that occur in labels or predictions; 0..1, NaN where none does. */
export function meanOf(confusion: ConfusionMatrix, which: CrotsMean): number {
  const left = new Set(LEFT_OUT[which]);
  const ious = [...segmentationScores(confusion).iouPerClass].filter((iou, id) => !Number.isNaN(iou) && !left.has(id));
  return ious.reduce((sum, iou) => sum + iou, 0) / ious.length;
}
