// Shows what the server says without being asked: sentences of events, and those said once at its start.
import { notifications } from "@mantine/notifications";
import { onWorkbenchEvent } from "../state/events.ts";
import { queries } from "../state/queries.ts";
import { queryClient } from "../state/query-client.ts";

const COLORS = { info: "gray", warning: "yellow", error: "red" } as const;

/** Until the returned function is called. */
export function showNotices(): () => void {
  queryClient
    .ensureQueryData(queries.system())
    .then(({ notices }) => {
      // With an id: a reload of the page does not stack them.
      for (const message of notices) {
        notifications.show({ id: message, message, color: "yellow", autoClose: false });
      }
    })
    // The banner says that the server is not there.
    .catch(() => {});
  return onWorkbenchEvent((event) => {
    if (event.type !== "noticed") return;
    const { message, level } = event;
    notifications.show({ message, color: COLORS[level], autoClose: level === "info" ? 6000 : false });
  });
}
