// What the dialog of auto-tuning is open for: images, a checkpoint, and the parameters that the search begins with.
import { create } from "zustand";
import type { CheckpointId, ImageId } from "../../src-shared/contract/workbench/ids.ts";
import type { RunConfigForm } from "../../src-shared/contract/workbench/runs.ts";
import { useAdaptForm } from "./adapt-form.ts";

export interface TuneTarget {
  readonly imageIds: readonly ImageId[];
  readonly checkpointId: CheckpointId | null;
  /** Of the images: "fog/003.png", "12 images of ACDC". */
  readonly name: string;
  readonly config: RunConfigForm;
}

interface TuneDialogState {
  /** Null while the dialog is closed. */
  readonly target: TuneTarget | null;
  /** Without a config: that of the form on the adapt screen. */
  readonly open: (target: Omit<TuneTarget, "config"> & { readonly config?: RunConfigForm }) => void;
  readonly close: () => void;
}

export const useTuneDialog = create<TuneDialogState>((set) => ({
  target: null,
  open: ({ config = useAdaptForm.getState().config, ...target }) => set({ target: { ...target, config } }),
  close: () => set({ target: null }),
}));
