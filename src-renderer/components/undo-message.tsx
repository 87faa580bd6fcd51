// "Removed … Undo": a sentence with a link that takes it back.
import { Anchor } from "@mantine/core";

interface UndoMessageProps {
  readonly message: string;
  readonly onUndo: () => void;
}

export function UndoMessage({ message, onUndo }: UndoMessageProps) {
  return (
    <span>
      {message}{" "}
      <Anchor component="button" type="button" fz="inherit" fw={600} onClick={onUndo}>
        Undo
      </Anchor>
    </span>
  );
}
