// What an evaluation will be of, and what its figures are.
import { type EvaluationConfig, FIGURE_DEFINITIONS } from "../../../src-shared/contract/evaluation.ts";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { formatCount } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { imageCountOf } from "./evaluation-form.ts";

interface OutlookProps {
  readonly dataset: Dataset | undefined;
  readonly split: string | null;
  readonly config: EvaluationConfig;
}

export function EvaluationOutlook({ dataset, split, config }: OutlookProps) {
  const images = imageCountOf(dataset, split);
  return (
    <div className="outlook">
      <p className="outlook-count">
        <strong>{images === null ? "–" : formatCount(images)}</strong> {images === 1 ? "image" : "images"}
      </p>
      <p className="form-section-note">
        Each one's confusion matrix, calibration sums, entropy and prediction are written as it is done. A stopped or
        killed evaluation goes on with the images that are left.
      </p>
      <h3>Figures</h3>
      <dl className="outlook-figures">
        <dt>Mean IoU</dt>
        <dd>{FIGURE_DEFINITIONS.miou}</dd>
        <dt>Calibration error</dt>
        <dd>{FIGURE_DEFINITIONS.ece}</dd>
        <dt>Entropy</dt>
        <dd>{FIGURE_DEFINITIONS.entropy}</dd>
      </dl>
      {config.method === "tta" && (
        <Notice level="info">
          As in the original program, averaged probabilities pass through softmax once more: the calibration error of
          averaged views can't be compared with the others'.
        </Notice>
      )}
    </div>
  );
}
