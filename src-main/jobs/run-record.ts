// Keeps what a run tells, as it comes, and tells the windows: after any crash what was finished is there.
import type { EngineEvent } from "../../src-shared/contract/engine-protocol.ts";
import type { RunEvent } from "../../src-shared/contract/run-events.ts";
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import type { RunId } from "../../src-shared/contract/workbench/ids.ts";
import type { RunStore } from "../workspace/run-store.ts";
import { Coalescer } from "./run-progress.ts";

type Told = EngineEvent<"run">;

export interface RunRecordOptions {
  readonly id: RunId;
  readonly runs: RunStore;
  readonly publish: (event: WorkbenchEvent) => void;
  /** Called when image and model are there. */
  readonly onStarted: (started: Told & { type: "started" }) => void;
  /** Called once, when something can't be kept: the run is to stop. */
  readonly onFailed: (error: unknown) => void;
}

export class RunRecord {
  readonly #options: RunRecordOptions;
  readonly #coalescer = new Coalescer<Told>((events) => this.#keepAll(events));
  #hasFailed = false;
  /** Counts of the pseudo-label wait for its file: a window that hears of it fetches it at once. */
  #pseudoLabel: (RunEvent & { type: "pseudoLabelFinished" }) | undefined;

  constructor(options: RunRecordOptions) {
    this.#options = options;
  }

  hear(event: Told): void {
    this.#coalescer.push(event);
  }

  /** Before the end is told. */
  flush(): void {
    this.#coalescer.flush();
  }

  #keepAll(events: readonly Told[]): void {
    if (this.#hasFailed) return;
    try {
      for (const event of events) this.#keep(event);
    } catch (error) {
      this.#hasFailed = true;
      this.#options.onFailed(error);
    }
  }

  #keep(told: Told): void {
    const { id, runs, publish, onStarted } = this.#options;
    switch (told.type) {
      case "started":
        onStarted(told);
        return;
      case "progressed":
        this.#progressed(told.event);
        return;
      case "pseudoLabelWritten":
        if (this.#pseudoLabel !== undefined) this.#publishProgress(this.#pseudoLabel);
        return;
      case "kept":
        runs.addKept(id, told.kept);
        publish({ type: "iterationKept", runId: id, kept: told.kept });
        return;
      case "referenced":
        publish({ type: "runChanged", run: runs.addReference(id, told.reference) });
        publish({ type: "runReferenced", runId: id, reference: told.reference });
        return;
      case "noticed":
        publish({ type: "noticed", level: "warning", message: told.message, about: id });
        return;
      default:
        told satisfies never;
    }
  }

  #progressed(event: RunEvent): void {
    const { id, runs } = this.#options;
    switch (event.type) {
      case "viewFinished": {
        const { index, scale, flipped, gray } = event;
        runs.addView(id, { index, scale, flipped, gray });
        break;
      }
      case "pseudoLabelFinished": {
        const { keptPixels, pixels, perClass, agreement } = event;
        runs.update(id, { pseudoLabel: { keptPixels, pixels, perClass, agreement } });
        this.#pseudoLabel = event;
        return;
      }
      case "iterationFinished":
        runs.appendLoss(id, event.iteration, event.loss);
        break;
      case "windowFinished":
      case "predictionFinished":
        break;
      default:
        event satisfies never;
    }
    this.#publishProgress(event);
  }

  #publishProgress(event: RunEvent): void {
    const { id, runs, publish } = this.#options;
    runs.setLastEvent(id, event);
    publish({ type: "runProgressed", runId: id, event });
  }
}
