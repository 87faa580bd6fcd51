// Shows what the server says without being asked: sentences of events, and those said once at its start.
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import { hasEnded } from "../state/event-to-cache.ts";
import { onWorkbenchEvent } from "../state/events.ts";
import { hideMessagesAbout, showMessage } from "../state/messages.ts";
import { queries } from "../state/queries.ts";
import { queryClient } from "../state/query-client.ts";

/** Until the returned function is called. */
export function showNotices(): () => void {
  queryClient
    .ensureQueryData(queries.system())
    .then(({ notices }) => {
      // With an id: a reload of the page does not stack them.
      for (const text of notices) showMessage({ id: text, level: "warning", text });
    })
    // The banner says that the server is not there.
    .catch(() => {});
  return onWorkbenchEvent((event) => {
    if (event.type === "noticed") {
      showMessage({ level: event.level, text: event.message, about: event.about ?? null });
      return;
    }
    const ended = endedJob(event);
    if (ended !== null) hideMessagesAbout(ended);
  });
}

/** The run, evaluation, tuning or training that the event tells the end of. */
export function endedJob(event: WorkbenchEvent): string | null {
  switch (event.type) {
    case "runChanged":
      return hasEnded(event.run.status) ? event.run.id : null;
    case "evaluationChanged":
      return hasEnded(event.evaluation.status) ? event.evaluation.id : null;
    case "tuningChanged":
      return hasEnded(event.tuning.status) ? event.tuning.id : null;
    case "trainingChanged":
      return hasEnded(event.training.status) ? event.training.id : null;
    default:
      return null;
  }
}
