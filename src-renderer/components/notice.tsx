// A sentence in its place: something to know, to mind, or that went wrong, with what can be done about it.
import { IconAlertTriangle, IconExclamationCircle, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import "./notice.css";

const ICONS = { info: IconInfoCircle, warning: IconAlertTriangle, error: IconExclamationCircle } as const;

interface NoticeProps {
  readonly level: keyof typeof ICONS;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

export function Notice({ level, children, action }: NoticeProps) {
  const Icon = ICONS[level];
  return (
    <div className="notice" data-level={level} role={level === "error" ? "alert" : "note"}>
      <Icon size={16} aria-hidden="true" className="notice-icon" />
      <div className="notice-text">{children}</div>
      {action}
    </div>
  );
}
