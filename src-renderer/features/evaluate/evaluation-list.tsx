// The evaluations, newest first: what each is, how far, and its mean IoU.
import { Button, Progress, UnstyledButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { FIGURE_DEFINITIONS } from "../../../src-shared/contract/evaluation.ts";
import type { Evaluation } from "../../../src-shared/contract/workbench/evaluations.ts";
import { formatCount, formatShare } from "../../components/format.ts";
import { StatusMark } from "../../components/status-mark.tsx";
import { formatDate, isActive, STATUS_TITLES } from "../../state/run-words.ts";
import { showEvaluation } from "./evaluate-view.ts";
import { evaluationName } from "./evaluation-words.ts";

interface EvaluationListProps {
  readonly list: readonly Evaluation[] | undefined;
  readonly current: Evaluation | undefined;
  readonly onNew: () => void;
}

export function EvaluationList({ list, current, onNew }: EvaluationListProps) {
  return (
    <aside className="evaluation-list" aria-label="Evaluations">
      <ul className="evaluation-list-items">
        {list === undefined &&
          ["a", "b", "c"].map((key) => <li key={key} className="evaluation-list-skeleton skeleton" />)}
        {list?.map((evaluation) => (
          <li key={evaluation.id}>
            <Item evaluation={evaluation} isCurrent={evaluation.id === current?.id} />
          </li>
        ))}
      </ul>
      <div className="evaluation-list-foot">
        <Button fullWidth variant="default" leftSection={<IconPlus size={15} aria-hidden="true" />} onClick={onNew}>
          New evaluation
        </Button>
      </div>
    </aside>
  );
}

function Item({ evaluation, isCurrent }: { readonly evaluation: Evaluation; readonly isCurrent: boolean }) {
  const { status, checkpointName, miou, done, images, createdAt } = evaluation;
  const name = evaluationName(evaluation);
  return (
    <UnstyledButton
      className="evaluation-item"
      aria-current={isCurrent || undefined}
      title={`${name}\n${checkpointName}`}
      onClick={() => showEvaluation(evaluation.id)}
    >
      <span className="evaluation-item-line">
        <span className="evaluation-item-name">{name}</span>
        <strong className="evaluation-item-miou" title={FIGURE_DEFINITIONS.miou}>
          {formatShare(miou)}
        </strong>
      </span>
      <span className="evaluation-item-detail">{checkpointName}</span>
      <span className="evaluation-item-line evaluation-item-detail">
        <StatusMark status={status} title={STATUS_TITLES[status]} />
        <span>
          {status === "finished"
            ? formatDate(createdAt, Date.now())
            : images === null
              ? ""
              : `${formatCount(done)} of ${formatCount(images)}`}
        </span>
      </span>
      {isActive(status) && (
        <Progress
          value={images === null ? 0 : (done / Math.max(1, images)) * 100}
          size={3}
          aria-label={`Progress of ${name}`}
        />
      )}
    </UnstyledButton>
  );
}
