// Fits a network to labelled images, or goes on with a training that was stopped; previews are written as they come.

import { existsSync } from "node:fs";
import type { TrainingInput } from "../../../../src-shared/contract/engine-protocol.ts";
import type { TrainingEvent } from "../../../../src-shared/contract/training/training-events.ts";
import { makeFolders } from "../../../files/make-folders.ts";
import { writeFileAtomically } from "../../../files/write-file-atomically.ts";
import { DatasetReport } from "../../datasets/dataset-report.ts";
import { encodeRgbPng } from "../../images/encode-png.ts";
import { openLabelledTarget } from "../../methods/crots/open-labelled-target.ts";
import { openTargetShares } from "../../methods/da-sac/open-target-shares.ts";
import { openSourcePixels } from "../../methods/entropy-balancing/open-source-pixels.ts";
import { stopIfCancelled, untilCancelled } from "../../methods/shared/cancellation.ts";
import { SAMPLE_PROGRAM, trainingMethodOf } from "../../methods/training-methods.ts";
import { trainedClasses } from "../../models/checkpoint-classes.ts";
import { loadInitialWeights } from "../../models/load-initial-weights.ts";
import { createRuntime } from "../../runtimes/create-runtime.ts";
import { previewFiles } from "../../training/preview-files.ts";
import { shownOf } from "../../training/train.ts";
import { defaultReadingThreads, trainIntoFiles } from "../../training/train-into-files.ts";
import { openTrainingData, type TrainingData } from "../../training/training-data.ts";
import {
  readTrainingState,
  requireSameConfig,
  type TrainingState,
  trainingFiles,
  type Writing,
} from "../../training/training-store.ts";
import type { Handler, HandlerContext } from "../handler.ts";
import { type ModelCache, runtimeRequest } from "../model-cache.ts";
import { untilThereIsRoom } from "../until-there-is-room.ts";
import { gzipped } from "../write-planes.ts";

type Previewed = TrainingEvent & { type: "trainingPreviewed" };

export function trainHandler(models: ModelCache): Handler<"train"> {
  return async (input, { signal, pause, tell }) => {
    const { config, machine, output, initialWeights } = input;
    const request = runtimeRequest(machine);
    const resumed = await untilCancelled(stateToResume(input), signal);
    // A training wants all the memory there is.
    await models.clear();
    const checkpoint =
      initialWeights === null ? undefined : await untilCancelled(loadInitialWeights(initialWeights), signal);
    const report = new DatasetReport();
    const labelSet = await trainedClasses(checkpoint, config.numClasses);
    const opening = openTrainingData(input, config, { report, contained: true, labelSet });
    const data = await untilCancelled(opening, signal);
    for (const { message } of report.lines) tell({ type: "noticed", message });
    stopIfCancelled(signal);
    const wait = { signal, onFull: (message: string) => tell({ type: "noticed", message }) };
    const write: Writing = (act) => untilThereIsRoom(act, wait);
    const previews = new PreviewWriter(input.previews, data, tell);
    const onEvent = (event: TrainingEvent): void => {
      if (event.type === "trainingPreviewed") previews.write(event);
      else tell({ type: "progressed", event });
    };
    const readingThreads = { program: SAMPLE_PROGRAM, count: defaultReadingThreads() };
    const method = trainingMethodOf(config);
    const runtime = await createRuntime(request);
    try {
      const root = input.target?.kind === "folder" ? input.target.root : null;
      const targetShares = await openTargetShares(
        { weights: input.importanceWeights, config, data, root, given: checkpoint, runtime },
        {
          signal,
          onImage: (done, images) => onEvent({ type: "targetCounted", done, images }),
          onNotice: (message) => tell({ type: "noticed", message }),
        },
      );
      const sourceRoot = input.training?.kind === "folder" ? input.training.root : null;
      const sourcePixels = await openSourcePixels({ config, data, root: sourceRoot }, { signal });
      const shares = {
        ...(targetShares === undefined ? {} : { targetShares }),
        ...(sourcePixels === undefined ? {} : { sourcePixels }),
      };
      const labelled = await openLabelledTarget(
        { config, data, given: checkpoint, runtime, labels: input.labelFolder, output },
        {
          signal,
          onImage: (done, images) => onEvent({ type: "targetCounted", done, images }),
          onNotice: (message) => tell({ type: "noticed", message }),
        },
      );
      await trainIntoFiles(
        {
          method,
          config,
          data: labelled,
          checkpoint,
          labelSet,
          ...shares,
          output,
          resumed,
          readingThreads,
          runtime,
          write,
        },
        { onEvent, onNotice: (message) => tell({ type: "noticed", message }), signal, pause },
      );
    } finally {
      await previews.written();
      await runtime.dispose();
    }
    return null;
  };
}

async function stateToResume({ output, config }: TrainingInput): Promise<TrainingState | undefined> {
  const { state } = trainingFiles(output);
  if (!existsSync(state)) return undefined;
  const resumed = await readTrainingState(state, trainingMethodOf);
  requireSameConfig(resumed, config, state);
  return resumed;
}

/** Writes beside the training, in order. A preview that can't be written is left out. */
class PreviewWriter {
  readonly #folder: string;
  readonly #data: TrainingData;
  readonly #tell: HandlerContext<"train">["tell"];
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, data: TrainingData, tell: HandlerContext<"train">["tell"]) {
    this.#folder = folder;
    this.#data = data;
    this.#tell = tell;
  }

  write(event: Previewed): void {
    this.#writing = this.#writing
      .then(() => this.#write(event))
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        this.#tell({ type: "noticed", message: `The preview of step ${event.step} is not kept. ${message}` });
      });
  }

  written(): Promise<void> {
    return this.#writing;
  }

  async #write({ step, name, from, index, width, height, labels, picture }: Previewed): Promise<void> {
    await makeFolders(this.#folder);
    const files = previewFiles(this.#folder);
    if (picture !== null) {
      const png = await encodeRgbPng({ width, height, data: picture });
      await writeFileAtomically(files.previewPicture(step, name), png);
    } else if (!existsSync(files.previewImage)) {
      const shown =
        from === "training" ? shownOf(this.#data.images) : (this.#data.validation ?? shownOf(this.#data.images));
      const { image } = await shown.read(index);
      await writeFileAtomically(files.previewImage, await encodeRgbPng(image));
    }
    await writeFileAtomically(files.preview(step, name), await gzipped(labels));
    this.#tell({ type: "previewWritten", preview: { step, name, width, height, hasPicture: picture !== null } });
  }
}
