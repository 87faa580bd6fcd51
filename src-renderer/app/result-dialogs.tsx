// The dialogs that any screen opens: export, sweep and auto-tune, loaded when they are first needed.
import { lazy, Suspense, useEffect, useState } from "react";
import { useCommands } from "../state/commands.ts";
import { useExportDialog } from "../state/export-dialog.ts";
import { useNavigation } from "../state/navigation.ts";
import { openTuneOfImage } from "../state/open-tune.ts";
import { useSweepDialog } from "../state/sweep-dialog.ts";
import { useTuneDialog } from "../state/tune-dialog.ts";

const ExportDialog = lazy(async () => ({
  default: (await import("../features/export/export-dialog.tsx")).ExportDialog,
}));
const TuneDialog = lazy(async () => ({ default: (await import("../features/tune/tune-dialog.tsx")).TuneDialog }));
const SweepDialog = lazy(async () => ({ default: (await import("../features/runs/sweep-dialog.tsx")).SweepDialog }));

/** Once needed, a dialog stays, so that it can close with its transition. */
function useOnceNeeded(isNeeded: boolean): boolean {
  const [wasNeeded, setNeeded] = useState(false);
  useEffect(() => {
    if (isNeeded) setNeeded(true);
  }, [isNeeded]);
  return wasNeeded || isNeeded;
}

export function ResultDialogs() {
  const hasExport = useOnceNeeded(useExportDialog((state) => state.target !== null));
  const hasSweep = useOnceNeeded(useSweepDialog((state) => state.target !== null));
  const hasTune = useOnceNeeded(useTuneDialog((state) => state.target !== null));
  useDialogCommands();
  return (
    <Suspense fallback={null}>
      {hasExport && <ExportDialog />}
      {hasSweep && <SweepDialog />}
      {hasTune && <TuneDialog />}
    </Suspense>
  );
}

/** Of the run or image that is open; screens with a selection register these ids for what is selected. */
function useDialogCommands(): void {
  useCommands([
    {
      id: "export.open",
      title: "Export…",
      group: "Results",
      keys: "mod+e",
      isEnabled: () => useNavigation.getState().runId !== null,
      run: () => {
        const { runId } = useNavigation.getState();
        if (runId !== null) useExportDialog.getState().open([runId]);
      },
    },
    {
      id: "tune.open",
      title: "Auto-tune…",
      group: "Results",
      isEnabled: () => useNavigation.getState().imageId !== null,
      run: () => {
        const { imageId, checkpointId } = useNavigation.getState();
        if (imageId !== null) void openTuneOfImage(imageId, checkpointId);
      },
    },
    {
      id: "runs.sweep",
      title: "Start a sweep…",
      group: "Results",
      isEnabled: () => useNavigation.getState().imageId !== null,
      run: () => {
        const { imageId, checkpointId } = useNavigation.getState();
        if (imageId !== null) useSweepDialog.getState().open(imageId, checkpointId);
      },
    },
  ]);
}
