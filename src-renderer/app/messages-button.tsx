// What was said over the window, to be read again: opened from the status line.
import { Button, Popover, UnstyledButton } from "@mantine/core";
import { IconBell, IconBellRinging } from "@tabler/icons-react";
import { useState } from "react";
import { Notice } from "../components/notice.tsx";
import { clearMessages, markMessagesRead, useMessages } from "../state/messages.ts";
import { formatDate } from "../state/run-words.ts";
import "./messages-button.css";

export function MessagesButton() {
  const { list, unread } = useMessages();
  const [isOpen, setOpen] = useState(false);
  const change = (opened: boolean) => {
    setOpen(opened);
    if (opened) markMessagesRead();
  };
  const Icon = unread > 0 ? IconBellRinging : IconBell;
  const name = unread > 0 ? `Messages, ${unread} new` : "Messages";
  return (
    <Popover opened={isOpen} onChange={change} position="top-end" width={440} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <UnstyledButton
          className="status-button"
          aria-label={name}
          title={name}
          aria-expanded={isOpen}
          onClick={() => change(!isOpen)}
        >
          <Icon size={14} aria-hidden="true" />
          {unread > 0 && unread}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className="messages" aria-labelledby="messages-title">
        <div className="messages-head">
          <h2 id="messages-title">Messages</h2>
          {list.length > 0 && (
            <Button size="compact-xs" variant="default" onClick={clearMessages}>
              Clear
            </Button>
          )}
        </div>
        {list.length === 0 && <p className="dimmed">Nothing was said since this page was opened.</p>}
        {list.map(({ id, level, title, text, atMs }) => (
          <Notice key={id} level={level}>
            {title !== null && <strong>{title}. </strong>}
            {text} <span className="dimmed">{formatDate(atMs, Date.now())}</span>
          </Notice>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
