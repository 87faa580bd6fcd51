// Whether the browser may say that something has ended while somebody looks elsewhere: the browser itself keeps the answer.
import { Button } from "@mantine/core";
import { useState } from "react";
import { desktop } from "../../state/desktop.ts";
import { Line } from "./section.tsx";

export function NotificationLine() {
  const [permission, setPermission] = useState(() =>
    "Notification" in window ? Notification.permission : ("denied" as const),
  );
  if (desktop !== undefined) return null;
  return (
    <Line
      name="Notifications"
      hint="When a run, an evaluation or a training ends while you look elsewhere. They come from this browser; nothing leaves the machine."
    >
      {permission === "granted" ? (
        <span>On; the browser's settings of this page turn them off</span>
      ) : permission === "denied" ? (
        <span className="dimmed">Blocked in the browser's settings of this page</span>
      ) : (
        <Button variant="default" onClick={() => void Notification.requestPermission().then(setPermission)}>
          Allow notifications
        </Button>
      )}
    </Line>
  );
}
