// A program of its own, on a thread: reads and augments training images for the thread that trains.
import { workerData } from "node:worker_threads";
import { answerRequests } from "../../threads/answer-requests.ts";
import { openDataSource } from "./data-source.ts";
import { sampleReader } from "./training-batch.ts";
import type { SampleRequest, SampleTask } from "./worker-samples.ts";

const { source, config } = workerData as SampleTask;
const opened = openDataSource(source).then((data) => sampleReader(data, config));
// Whoever asks for an image hears of it.
opened.catch(() => undefined);

answerRequests(async ({ place, epoch }: SampleRequest) => {
  const sample = await (await opened).read(place, epoch);
  return { output: sample, transfer: [sample.image.buffer, sample.labels.buffer] };
});
