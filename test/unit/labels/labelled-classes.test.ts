// The mean over the classes that labels have, beside the one over all that occur.
import { describe, expect, it } from "vitest";
import { labelledClasses, predictedAloneSentence } from "../../../src-shared/labels/labelled-classes.ts";

const figures = { overallAccuracy: null, meanAccuracy: null, frequencyWeightedIou: null };
// Rows are labels: class 0 has 8 pixels, of which 2 are taken for class 2; class 1 has 4, all right; nothing is labelled 2 or 3.
const confusion = [6, 0, 2, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const pooled = { ...figures, miou: (0.75 + 1 + 0) / 3, iou: [0.75, 1, 0, null], confusion };

describe("the classes of an evaluation", () => {
  it("are those of the labels, and those that are only predicted", () => {
    expect(labelledClasses({ pooled, numClasses: 4 })).toEqual({
      miou: 0.875,
      labelled: [0, 1],
      predictedAlone: [2],
    });
  });

  it("are not known without labels, and have no mean where no pixel is labelled", () => {
    expect(labelledClasses({ pooled: null, numClasses: 4 })).toBe(null);
    const nowhere = { ...pooled, iou: [null, null], confusion: [0, 0, 0, 0] };
    expect(labelledClasses({ pooled: nowhere, numClasses: 2 })?.miou).toBe(null);
  });

  it("are named where some count as 0 in the other mean", () => {
    const names = ["road", "sidewalk", "building", "wall"];
    expect(predictedAloneSentence({ miou: 0.875, labelled: [0, 1], predictedAlone: [2, 3] }, names)).toBe(
      "The labels have 2 classes; predicted without being in them, each an IoU of 0 in the mean over both: building, wall.",
    );
    expect(predictedAloneSentence({ miou: 0.875, labelled: [0, 1], predictedAlone: [] }, names)).toBe(null);
  });
});
