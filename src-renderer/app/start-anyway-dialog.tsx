// Asks whether a job is to be started although there is too little memory or disk for it.
import { Button, Group, Modal } from "@mantine/core";
import { useAnywayQuestion } from "../state/start-anyway.ts";

const CLOSE_BUTTON = { "aria-label": "Close" } as const;

export function StartAnywayDialog() {
  const question = useAnywayQuestion((state) => state.question);
  const cancel = () => question?.answer(false);
  return (
    <Modal
      opened={question !== null}
      onClose={cancel}
      title="This machine is likely too small for it"
      size={520}
      // Over the dialog that the job is started from.
      zIndex={300}
      closeButtonProps={CLOSE_BUTTON}
    >
      {question !== null && (
        <>
          <p>{question.asked}</p>
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={() => question.answer(true)}>
              Start anyway
            </Button>
            <Button data-autofocus onClick={cancel}>
              Cancel
            </Button>
          </Group>
        </>
      )}
    </Modal>
  );
}
