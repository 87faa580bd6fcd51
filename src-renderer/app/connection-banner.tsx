// Says that the server does not answer, for as long as it does not.
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useConnection } from "../state/events.ts";
import "./connection-banner.css";

export function ConnectionBanner() {
  const status = useConnection((state) => state.status);
  return (
    <div role="status">
      {status === "lost" && (
        <div className="connection-banner">
          <IconPlugConnectedX size={16} aria-hidden="true" />
          Connection to the server lost, trying again. Runs that were started go on.
        </div>
      )}
    </div>
  );
}
