// The dialog that chooses a path on the server's machine, where there is no native one.
import { Modal } from "@mantine/core";
import { PathChooser } from "../components/path-chooser.tsx";
import { usePathQuestion } from "../state/choose-path.ts";
import { queries } from "../state/queries.ts";
import { queryClient } from "../state/query-client.ts";
import { sentenceOf } from "../state/tell.ts";

const KINDS = {
  folder: { title: "Open a dataset folder", accept: "folder", button: "Open this folder" },
  checkpoint: { title: "Open a checkpoint", accept: "checkpoint", button: "Open" },
  exportFolder: { title: "Choose a folder for the export", accept: "folder", button: "Choose this folder" },
} as const;

const CLOSE_BUTTON = { "aria-label": "Close" } as const;

export function PathDialog() {
  const question = usePathQuestion((state) => state.question);
  const kind = KINDS[question?.asked.kind ?? "folder"];
  return (
    <Modal
      opened={question !== null}
      onClose={() => question?.answer(null)}
      title={kind.title}
      size={680}
      closeButtonProps={CLOSE_BUTTON}
    >
      {question !== null && (
        <PathChooser
          reason={question.asked.reason}
          accept={kind.accept}
          buttonLabel={kind.button}
          // Folders change behind our back: always asked anew.
          listFolder={(path) => queryClient.fetchQuery({ ...queries.folder(path), staleTime: 0, retry: false })}
          sentenceOf={sentenceOf}
          onChosen={question.answer}
          onCancel={() => question.answer(null)}
        />
      )}
    </Modal>
  );
}
