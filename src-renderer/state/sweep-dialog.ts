// What the dialog that starts a sweep is open for: an image, a checkpoint, and the parameters that all runs share.
import { create } from "zustand";
import type { CheckpointId, ImageId } from "../../src-shared/contract/workbench/ids.ts";
import type { ImageRunConfig, RunConfigForm } from "../../src-shared/contract/workbench/runs.ts";
import { useAdaptForm } from "./adapt-form.ts";

export interface SweepTarget {
  readonly imageId: ImageId;
  readonly checkpointId: CheckpointId | null;
  /** Of what is varied only where the grid begins. */
  readonly config: RunConfigForm;
}

interface SweepDialogState {
  /** Null while the dialog is closed. */
  readonly target: SweepTarget | null;
  /** What the config does not say is as in the form on the adapt screen. */
  readonly open: (imageId: ImageId, checkpointId: CheckpointId | null, config?: ImageRunConfig) => void;
  readonly close: () => void;
}

export const useSweepDialog = create<SweepDialogState>((set) => ({
  target: null,
  open: (imageId, checkpointId, config) =>
    set({ target: { imageId, checkpointId, config: { ...useAdaptForm.getState().config, ...config } } }),
  close: () => set({ target: null }),
}));
