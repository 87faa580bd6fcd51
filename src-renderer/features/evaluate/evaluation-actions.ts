// What can be done with evaluations: start, cancel, take up again, remove with a way back, copy as command, report.
import type { Evaluation, StartEvaluation } from "../../../src-shared/contract/workbench/evaluations.ts";
import { api } from "../../state/api.ts";
import { withEntity } from "../../state/event-to-cache.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";
import { queryClient } from "../../state/query-client.ts";
import { REMOVAL_DELAY_MS, removeUndoable } from "../../state/removals.ts";
import { startOrAsk } from "../../state/start-anyway.ts";
import { forgetStop } from "../../state/stop-job.ts";
import { tell, tellFailure, tellUndoable } from "../../state/tell.ts";
import { showEvaluation } from "./evaluate-view.ts";
import { evaluationName } from "./evaluation-words.ts";

function showInList(evaluation: Evaluation): void {
  queryClient.setQueryData(queries.evaluations().queryKey, (list) => list && withEntity(list, evaluation));
}

export async function startEvaluation(request: StartEvaluation): Promise<void> {
  try {
    const evaluation = await startOrAsk((isForced) => api.evaluations.start.mutate({ ...request, isForced }));
    if (evaluation === null) return;
    showInList(evaluation);
    showEvaluation(evaluation.id);
  } catch (error) {
    tellFailure("The evaluation was not started", error);
  }
}

/** Queued one after another; the first is shown, and what could be queued before a failure stays. */
export async function startEvaluations(requests: readonly StartEvaluation[]): Promise<void> {
  let first: Evaluation | undefined;
  const waiting = [...requests];
  const startRest = async (isForced: boolean): Promise<true> => {
    for (let request = waiting[0]; request !== undefined; request = waiting[0]) {
      const evaluation = await api.evaluations.start.mutate({ ...request, isForced });
      waiting.shift();
      showInList(evaluation);
      first ??= evaluation;
    }
    return true;
  };
  try {
    if (await startOrAsk(startRest))
      tell(`${requests.length} evaluations waiting. Their table by domain grows as they end.`);
  } catch (error) {
    tellFailure("Not all evaluations were started", error);
  }
  if (first !== undefined) showEvaluation(first.id);
}

export async function resumeEvaluation({ id }: Evaluation): Promise<void> {
  try {
    forgetStop(id);
    const evaluation = await startOrAsk((isForced) => api.evaluations.resume.mutate({ id, isForced }));
    if (evaluation !== null) showInList(evaluation);
  } catch (error) {
    tellFailure("The evaluation was not resumed", error);
  }
}

export function removeEvaluation(evaluation: Evaluation): void {
  const { id } = evaluation;
  const name = evaluationName(evaluation);
  removeUndoable({
    id,
    label: `remove ${name}`,
    remove: () => api.evaluations.remove.mutate({ id }),
    restore: null,
  });
  if (useNavigation.getState().evaluationId === id) useNavigation.getState().go({ evaluationId: null });
  tellUndoable(`Removed ${name} with its records.`, REMOVAL_DELAY_MS);
}

export async function copyCommand({ id }: Evaluation): Promise<void> {
  try {
    const command = await queryClient.ensureQueryData(queries.evaluationCommand(id));
    await navigator.clipboard.writeText(command);
    tell("Copied the command that gives the same figures.");
  } catch (error) {
    tellFailure("The command was not copied", error);
  }
}
