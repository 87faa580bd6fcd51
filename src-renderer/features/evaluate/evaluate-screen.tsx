// Evaluations: which there are, what came out of each, and the form that starts another.
import { Button } from "@mantine/core";
import { IconChartBar, IconPlus } from "@tabler/icons-react";
import type { Evaluation } from "../../../src-shared/contract/workbench/evaluations.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { Notice } from "../../components/notice.tsx";
import { useCommands } from "../../state/commands.ts";
import { isActive } from "../../state/run-words.ts";
import { sentenceOf } from "../../state/tell.ts";
import "./evaluate-screen.css";
import { cancelEvaluation } from "../../state/stop-job.ts";
import { fitPanes, useEvaluateView } from "./evaluate-view.ts";
import { copyCommand, removeEvaluation, resumeEvaluation } from "./evaluation-actions.ts";
import { EvaluationDetail } from "./evaluation-detail.tsx";
import { EvaluationList } from "./evaluation-list.tsx";
import { isResumable } from "./evaluation-words.ts";
import { NewEvaluation } from "./new-evaluation.tsx";
import { useEvaluations } from "./use-evaluations.ts";

export function openForm(): void {
  useEvaluateView.setState({ isFormOpen: true });
}

export function EvaluateScreen() {
  const { list, current, error } = useEvaluations();
  const isFormOpen = useEvaluateView((view) => view.isFormOpen);
  useEvaluateCommands(isFormOpen ? undefined : current);
  return (
    <div className="evaluate-screen">
      {current === undefined && !isFormOpen && <h1 className="visually-hidden">Evaluate</h1>}
      <EvaluationList list={list} current={isFormOpen ? undefined : current} onNew={openForm} />
      <div className="evaluate-main">
        {error !== null && list === undefined && (
          <div className="evaluate-notice">
            <Notice level="error">{sentenceOf(error)}</Notice>
          </div>
        )}
        {isFormOpen ? (
          <NewEvaluation canClose={current !== undefined} />
        ) : current !== undefined && list !== undefined ? (
          <EvaluationDetail key={current.id} evaluation={current} list={list} />
        ) : (
          list !== undefined && <NoEvaluations />
        )}
      </div>
    </div>
  );
}

function NoEvaluations() {
  return (
    <EmptyState
      icon={<IconChartBar size={28} stroke={1.5} />}
      title="Nothing has been evaluated yet"
      action={
        <Button leftSection={<IconPlus size={15} aria-hidden="true" />} onClick={openForm}>
          New evaluation
        </Button>
      }
    >
      A method over a whole split: pooled mean IoU, confusion matrix, calibration and entropy, with the figures of every
      image. A stopped evaluation goes on where it ended.
    </EmptyState>
  );
}

function useEvaluateCommands(current: Evaluation | undefined): void {
  const group = "Evaluate";
  const running = current !== undefined && isActive(current.status);
  useCommands([
    { id: "evaluate.new", title: "New evaluation…", group, keys: "n", run: openForm },
    {
      id: "evaluate.cancel",
      title: "Cancel the evaluation",
      group,
      isEnabled: () => running,
      run: () => current !== undefined && void cancelEvaluation(current.id),
    },
    {
      id: "evaluate.resume",
      title: "Resume the evaluation",
      group,
      isEnabled: () => current !== undefined && isResumable(current),
      run: () => current !== undefined && void resumeEvaluation(current),
    },
    {
      id: "evaluate.remove",
      title: "Remove the evaluation",
      group,
      keys: "delete",
      isEnabled: () => current !== undefined && !running,
      run: () => current !== undefined && removeEvaluation(current),
    },
    {
      id: "evaluate.copyCommand",
      title: "Copy the evaluation as a command",
      group,
      keys: "mod+shift+c",
      isEnabled: () => current !== undefined,
      run: () => current !== undefined && void copyCommand(current),
    },
    {
      id: "evaluate.figures",
      title: "Show the figures",
      group,
      keys: "1",
      isEnabled: () => current !== undefined,
      run: () => useEvaluateView.setState({ tab: "figures" }),
    },
    {
      id: "evaluate.images",
      title: "Show the images",
      group,
      keys: "2",
      isEnabled: () => current !== undefined,
      run: () => useEvaluateView.setState({ tab: "images" }),
    },
    { id: "evaluate.fit", title: "Show all of the image", group, keys: "f", run: fitPanes },
  ]);
}
