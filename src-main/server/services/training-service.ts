// Trainings: started and queued, paused, taken up again, looked up, cancelled and removed.
import { BugError } from "../../../src-shared/contract/errors.ts";
import type { Training, TrainingCurves } from "../../../src-shared/contract/workbench/trainings.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";
import type { Content, TrainingService } from "../services.ts";

export interface TrainingParts {
  readonly workspace: Pick<Workspace, "trainings">;
}

export class Trainings implements TrainingService {
  readonly #parts: TrainingParts;

  constructor(parts: TrainingParts) {
    this.#parts = parts;
  }

  async list(): Promise<Training[]> {
    return this.#parts.workspace.trainings.list();
  }

  curves(): Promise<TrainingCurves> {
    return notYet();
  }

  start(): Promise<Training> {
    return notYet();
  }

  pause(): Promise<void> {
    return notYet();
  }

  resume(): Promise<Training> {
    return notYet();
  }

  cancel(): Promise<void> {
    return notYet();
  }

  remove(): Promise<void> {
    return notYet();
  }

  command(): Promise<string> {
    return notYet();
  }

  preview(): Promise<Content> {
    return notYet();
  }

  previewImage(): Promise<Content> {
    return notYet();
  }
}

function notYet(): Promise<never> {
  return Promise.reject(new BugError("trainings can only be listed so far"));
}
