// The export: what is written, where it goes, what stands in the way; then how far it is and what came of it.
import { Modal } from "@mantine/core";
import { useState } from "react";
import type { ExportId } from "../../../src-shared/contract/workbench/ids.ts";
import { countOf } from "../../components/format.ts";
import { useExportDialog } from "../../state/export-dialog.ts";
import { useIsOnTop } from "../../state/use-is-on-top.ts";
import "./export-dialog.css";
import { ExportForm } from "./export-form.tsx";
import { ExportProgress } from "./export-progress.tsx";

/** Dialogs are at 200. */
const UNDER_OTHERS = 190;
const CLOSE_BUTTON = { "aria-label": "Close" };

export function ExportDialog() {
  const { target, close } = useExportDialog();
  // An export that was started goes on when the dialog is closed; the next one begins anew.
  const [started, setStarted] = useState<{ readonly id: ExportId; readonly of: typeof target } | null>(null);
  const isOnTop = useIsOnTop();
  const isStarted = started !== null && started.of === target;
  return (
    <Modal
      opened={target !== null}
      onClose={close}
      // Below the dialog that chooses a folder, which opens over this one.
      zIndex={UNDER_OTHERS}
      closeOnEscape={isOnTop}
      title={target === null ? "" : `Export ${countOf(target.runIds.length, "run")}`}
      size={isStarted ? 520 : 820}
      closeButtonProps={CLOSE_BUTTON}
    >
      {target !== null && !isStarted && (
        <ExportForm target={target} onStarted={(id) => setStarted({ id, of: target })} onCancel={close} />
      )}
      {isStarted && <ExportProgress id={started.id} onAgain={() => setStarted(null)} onClose={close} />}
    </Modal>
  );
}
