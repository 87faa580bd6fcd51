// A program of its own, on a thread: reads and augments training images for the thread that trains.
import { parentPort, workerData } from "node:worker_threads";
import { BugError } from "../../../../src-shared/contract/errors.ts";
import { openDataSource } from "./data-source.ts";
import { failureOf, type WorkerAnswer, type WorkerRequest, type WorkerTask } from "./sample-messages.ts";
import { sampleReader } from "./training-batch.ts";

const port = parentPort;
if (port === null) throw new BugError("the training worker was started as a process");
const { source, config } = workerData as WorkerTask;
const opened = openDataSource(source).then((data) => sampleReader(data, config));
// Whoever asks for an image hears of it.
opened.catch(() => undefined);

port.on("message", async ({ id, place, epoch }: WorkerRequest) => {
  let answer: WorkerAnswer;
  try {
    answer = { id, sample: await (await opened).read(place, epoch) };
  } catch (error) {
    answer = { id, failure: failureOf(error) };
  }
  const { sample } = answer;
  port.postMessage(answer, sample === undefined ? [] : ([sample.image.buffer, sample.labels.buffer] as ArrayBuffer[]));
});
