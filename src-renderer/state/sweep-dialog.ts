// What the dialog that starts a sweep is open for: an image, a checkpoint, and the parameters that all runs share.
import { create } from "zustand";
import type { CheckpointId, ImageId } from "../../src-shared/contract/workbench/ids.ts";
import { type RunConfigForm, runConfigFormSchema } from "../../src-shared/contract/workbench/runs.ts";

export interface SweepTarget {
  readonly imageId: ImageId;
  readonly checkpointId: CheckpointId | null;
  /** Learning rate, iterations and threshold of it are only where the grid begins. */
  readonly config: RunConfigForm;
}

interface SweepDialogState {
  /** Null while the dialog is closed. */
  readonly target: SweepTarget | null;
  /** Without a config: the published recipe. */
  readonly open: (imageId: ImageId, checkpointId: CheckpointId | null, config?: RunConfigForm) => void;
  readonly close: () => void;
}

export const useSweepDialog = create<SweepDialogState>((set) => ({
  target: null,
  open: (imageId, checkpointId, config = runConfigFormSchema.parse({})) =>
    set({ target: { imageId, checkpointId, config } }),
  close: () => set({ target: null }),
}));
