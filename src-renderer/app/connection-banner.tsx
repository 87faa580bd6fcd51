// Says that the server does not answer, for as long as it does not; that it has started anew; and how to get in again.
import { Button } from "@mantine/core";
import { IconPlugConnectedX, IconRefresh } from "@tabler/icons-react";
import { useConnection } from "../state/events.ts";
import { useNavigation } from "../state/navigation.ts";
import "./connection-banner.css";

export function ConnectionBanner() {
  const { status, hasRestarted } = useConnection();
  return (
    <div role="status">
      {status === "lost" && (
        <div className="connection-banner">
          <IconPlugConnectedX size={16} aria-hidden="true" />
          The server does not answer; trying again. If only the connection is broken, what computes goes on; if
          Acclimate was closed, start it again on the same workspace, and this page goes on with it.
        </div>
      )}
      {status === "refused" && (
        <div className="connection-banner">
          <IconPlugConnectedX size={16} aria-hidden="true" />
          Acclimate has started anew and does not know this page. Open the address that it printed when it started, in
          this browser: then this page goes on, too.
        </div>
      )}
      {status === "connected" && hasRestarted && <Restarted />}
    </div>
  );
}

function Restarted() {
  const dismiss = () => useConnection.setState({ hasRestarted: false });
  return (
    <div className="connection-banner" data-level="info">
      <IconRefresh size={16} aria-hidden="true" />
      <span>
        Acclimate has started anew. What computed or waited was interrupted, what was finished is kept; evaluations and
        trainings can be resumed.
      </span>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          useNavigation.getState().go({ screen: "runs" });
          dismiss();
        }}
      >
        Show the runs
      </Button>
      <Button size="compact-xs" variant="default" onClick={dismiss}>
        Close
      </Button>
    </div>
  );
}
