// Loads the file that a training begins from: weights and, where it is a snapshot of a training, what that had beside them.
import { type Checkpoint, loadCheckpoint } from "./load-checkpoint.ts";
import { readTrainingSnapshot, type TrainingSnapshot } from "./training-snapshot.ts";

export interface InitialWeights extends Checkpoint {
  /** Absent where the file is no snapshot of DA-SAC's training; `momentum` is then what that holds. */
  readonly training?: TrainingSnapshot;
}

/** @throws AppError those of `loadCheckpoint` and, for a snapshot of DA-SAC, of `readTrainingSnapshot` */
export async function loadInitialWeights(path: string): Promise<InitialWeights> {
  const checkpoint = await loadCheckpoint(path);
  if (checkpoint.snapshot?.method !== "DA-SAC") return checkpoint;
  const training = await readTrainingSnapshot(path);
  return { ...checkpoint, training, momentum: training.optimizer?.momentum ?? checkpoint.momentum };
}
