// The trainings, newest first; any of them can lie over the curves of the one that is shown.
import { Button, Checkbox, Progress } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { Training } from "../../../src-shared/contract/workbench/trainings.ts";
import { formatShare } from "../../components/format.ts";
import { lineColor } from "../../components/series-colors.ts";
import { SideList, SideListItem } from "../../components/side-list.tsx";
import { StatusMark } from "../../components/status-mark.tsx";
import { formatDate, isActive, STATUS_TITLES } from "../../state/run-words.ts";
import { overlaidToo, showTraining, useTrainView } from "./train-view.ts";
import { progressOf, shownStatus, trainingName } from "./training-words.ts";

interface TrainingListProps {
  readonly list: readonly Training[] | undefined;
  readonly current: Training | undefined;
  readonly onNew: () => void;
}

export function TrainingList({ list, current, onNew }: TrainingListProps) {
  const overlaid = useTrainView((view) => view.overlaid);
  const shown = overlaid.filter((id) => id !== current?.id);
  return (
    <SideList
      label="Trainings"
      className="training-list"
      skeletons={list === undefined ? 3 : 0}
      foot={
        <Button fullWidth variant="default" leftSection={<IconPlus size={15} aria-hidden="true" />} onClick={onNew}>
          New training
        </Button>
      }
    >
      {list?.map((training) => (
        <li key={training.id}>
          <Item
            training={training}
            isCurrent={training.id === current?.id}
            hasCurrent={current !== undefined}
            place={training.id === current?.id ? 0 : shown.indexOf(training.id) + 1}
          />
        </li>
      ))}
    </SideList>
  );
}

interface ItemProps {
  readonly training: Training;
  readonly isCurrent: boolean;
  readonly hasCurrent: boolean;
  /** Among the curves: 0 is the one that is shown. Of one that is not drawn the current's place, and no meaning. */
  readonly place: number;
}

function Item({ training, isCurrent, hasCurrent, place }: ItemProps) {
  const { id, status, bestMiou, createdAt, config } = training;
  const name = trainingName(training);
  const isDrawn = isCurrent || place > 0;
  const shown = shownStatus(training);
  return (
    <>
      <SideListItem isStacked isCurrent={isCurrent} title={name} onClick={() => showTraining(id)}>
        <span className="side-list-line">
          <span className="side-list-name">{name}</span>
          <strong title="Best mean IoU on the validation images">
            {bestMiou === null ? "" : formatShare(bestMiou)}
          </strong>
        </span>
        <span className="side-list-line side-list-detail">
          <StatusMark status={shown} title={shown === "paused" ? "Paused" : STATUS_TITLES[shown]} />
          <span>
            {status === "running"
              ? `epoch ${training.epoch} of ${config.numEpochs}`
              : formatDate(createdAt, Date.now())}
          </span>
        </span>
        {isActive(status) && (
          <Progress value={(progressOf(training) ?? 0) * 100} size={3} mt={5} aria-label={`Progress of ${name}`} />
        )}
      </SideListItem>
      {isCurrent ? (
        <span className="training-list-dot" style={{ background: lineColor(0) }} aria-hidden="true" />
      ) : (
        hasCurrent && (
          <Checkbox
            className="training-list-check"
            size="xs"
            aria-label={`Draw ${name} over the curves`}
            title="Over the curves"
            checked={isDrawn}
            color={lineColor(place)}
            onChange={() => useTrainView.setState(({ overlaid }) => ({ overlaid: overlaidToo(overlaid, id) }))}
          />
        )
      )}
    </>
  );
}
