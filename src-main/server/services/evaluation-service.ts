// Evaluations: started and queued, taken up again, looked up, cancelled and removed.
import { BugError } from "../../../src-shared/contract/errors.ts";
import type {
  ConfusedImage,
  Evaluation,
  EvaluationResult,
} from "../../../src-shared/contract/workbench/evaluations.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";
import type { Content, EvaluationService } from "../services.ts";

export interface EvaluationParts {
  readonly workspace: Pick<Workspace, "evaluations">;
}

export class Evaluations implements EvaluationService {
  readonly #parts: EvaluationParts;

  constructor(parts: EvaluationParts) {
    this.#parts = parts;
  }

  async list(): Promise<Evaluation[]> {
    return this.#parts.workspace.evaluations.list();
  }

  get(): Promise<EvaluationResult> {
    return notYet();
  }

  confused(): Promise<ConfusedImage[]> {
    return notYet();
  }

  start(): Promise<Evaluation> {
    return notYet();
  }

  cancel(): Promise<void> {
    return notYet();
  }

  resume(): Promise<Evaluation> {
    return notYet();
  }

  remove(): Promise<void> {
    return notYet();
  }

  command(): Promise<string> {
    return notYet();
  }

  labels(): Promise<Content> {
    return notYet();
  }

  report(): Promise<Content> {
    return notYet();
  }
}

function notYet(): Promise<never> {
  return Promise.reject(new BugError("evaluations can only be listed so far"));
}
