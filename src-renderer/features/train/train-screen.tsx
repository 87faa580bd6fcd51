// Trainings by any method: which there are, their curves as they grow, and the form that starts another.
import { Button } from "@mantine/core";
import { IconChartLine, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { Training } from "../../../src-shared/contract/workbench/trainings.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { Notice } from "../../components/notice.tsx";
import { useCommands } from "../../state/commands.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";
import { useRemovals } from "../../state/removals.ts";
import { isActive } from "../../state/run-words.ts";
import { sentenceOf } from "../../state/tell.ts";
import { NewTraining } from "./new-training.tsx";
import "./train-screen.css";
import { stopTraining } from "../../state/stop-job.ts";
import { useTrainingToOpen } from "../../state/training-to-open.ts";
import { useTrainView } from "./train-view.ts";
import { copyCommand, pauseTraining, removeTraining, resumeTraining } from "./training-actions.ts";
import { TrainingDetail } from "./training-detail.tsx";
import { changeForm, formByWeights, useTrainingForm } from "./training-form.ts";
import { TrainingList } from "./training-list.tsx";
import { isResumable } from "./training-words.ts";

export function TrainScreen() {
  const { data, error } = useQuery(queries.trainings());
  const hidden = useRemovals((state) => state.hidden);
  const trainingId = useNavigation((state) => state.trainingId);
  useFormAsked();
  const isFormOpen = useTrainView((view) => view.isFormOpen);
  const list = useMemo(
    () => data?.filter(({ id }) => !hidden.has(id)).sort((a, b) => b.createdAt - a.createdAt),
    [data, hidden],
  );
  const current = list?.find(({ id }) => id === trainingId) ?? list?.[0];
  useTrainCommands(isFormOpen ? undefined : current);
  return (
    <div className="train-screen">
      {current === undefined && !isFormOpen && <h1 className="visually-hidden">Train</h1>}
      <TrainingList list={list} current={isFormOpen ? undefined : current} onNew={openForm} />
      <div className="train-main">
        {error !== null && list === undefined && (
          <div className="train-notice">
            <Notice level="error">{sentenceOf(error)}</Notice>
          </div>
        )}
        {isFormOpen ? (
          <NewTraining canClose={current !== undefined} />
        ) : current !== undefined && list !== undefined ? (
          <TrainingDetail key={current.id} training={current} list={list} />
        ) : (
          list !== undefined && <NoTrainings />
        )}
      </div>
    </div>
  );
}

/** Opens the form as another screen asks for it. */
function useFormAsked(): void {
  const wanted = useTrainingToOpen((state) => state.wanted);
  useEffect(() => {
    if (wanted === null) return;
    useTrainingToOpen.setState({ wanted: null });
    changeForm("train by importance weights", formByWeights(useTrainingForm.getState(), wanted));
    openForm();
  }, [wanted]);
}

function openForm(): void {
  useTrainView.setState({ isFormOpen: true });
}

function NoTrainings() {
  return (
    <EmptyState
      icon={<IconChartLine size={28} stroke={1.5} />}
      title="Nothing has been trained yet"
      action={
        <Button leftSection={<IconPlus size={15} aria-hidden="true" />} onClick={openForm}>
          New training
        </Button>
      }
    >
      Train a network on labelled images, or on scenes of the built-in generator, or adapt one to a whole domain of
      images without labels. Loss, validation and sample predictions are drawn as it goes on.
    </EmptyState>
  );
}

function useTrainCommands(current: Training | undefined): void {
  const group = "Train";
  const isRunning = current?.status === "running";
  const withCurrent = (act: (training: Training) => void) => () => {
    if (current !== undefined) act(current);
  };
  useCommands([
    { id: "train.new", title: "New training…", group, keys: "n", run: openForm },
    {
      id: "train.pause",
      title: "Pause the training",
      group,
      keys: "space",
      isEnabled: () => isRunning && !current.isPaused,
      run: withCurrent(({ id }) => void pauseTraining(id)),
    },
    {
      id: "train.resume",
      title: "Resume the training",
      group,
      keys: "space",
      isEnabled: () => current !== undefined && ((isRunning && current.isPaused) || isResumable(current)),
      run: withCurrent(({ id }) => void resumeTraining(id)),
    },
    {
      id: "train.stop",
      title: "Stop the training",
      group,
      isEnabled: () => current !== undefined && isActive(current.status),
      run: withCurrent(({ id }) => void stopTraining(id)),
    },
    {
      id: "train.remove",
      title: "Remove the training",
      group,
      keys: "delete",
      isEnabled: () => current !== undefined && !isActive(current.status),
      run: withCurrent(removeTraining),
    },
    {
      id: "train.copyCommand",
      title: "Copy the training as a command",
      group,
      keys: "mod+shift+c",
      isEnabled: () => current !== undefined,
      run: withCurrent(({ id }) => void copyCommand(id)),
    },
  ]);
}
