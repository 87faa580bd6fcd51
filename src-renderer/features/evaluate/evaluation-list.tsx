// The evaluations, newest first: what each is, how far, and its mean IoU.
import { Button, Progress } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { FIGURE_DEFINITIONS } from "../../../src-shared/contract/evaluation.ts";
import type { Evaluation } from "../../../src-shared/contract/workbench/evaluations.ts";
import { formatCount, formatShare } from "../../components/format.ts";
import { SideList, SideListItem } from "../../components/side-list.tsx";
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
    <SideList
      label="Evaluations"
      className="evaluation-list"
      skeletons={list === undefined ? 3 : 0}
      foot={
        <Button fullWidth variant="default" leftSection={<IconPlus size={15} aria-hidden="true" />} onClick={onNew}>
          New evaluation
        </Button>
      }
    >
      {list?.map((evaluation) => (
        <li key={evaluation.id}>
          <Item evaluation={evaluation} isCurrent={evaluation.id === current?.id} />
        </li>
      ))}
    </SideList>
  );
}

function Item({ evaluation, isCurrent }: { readonly evaluation: Evaluation; readonly isCurrent: boolean }) {
  const { status, checkpointName, miou, done, images, createdAt } = evaluation;
  const name = evaluationName(evaluation);
  return (
    <SideListItem
      isStacked
      isCurrent={isCurrent}
      title={`${name}\n${checkpointName}`}
      onClick={() => showEvaluation(evaluation.id)}
    >
      <span className="side-list-line">
        <span className="side-list-name">{name}</span>
        <strong title={FIGURE_DEFINITIONS.miou}>{formatShare(miou)}</strong>
      </span>
      <span className="side-list-detail">{checkpointName}</span>
      <span className="side-list-line side-list-detail">
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
          mt={5}
          aria-label={`Progress of ${name}`}
        />
      )}
    </SideListItem>
  );
}
