// A program of its own, on a thread: makes training samples for the thread that trains.
import { workerData } from "node:worker_threads";
import { answerRequests } from "../threads/answer-requests.ts";
import { openListed } from "../training/data-source.ts";
import { sampleReader } from "../training/samples/read-samples.ts";
import type { SampleRequest, SampleTask } from "../training/samples/reading-threads.ts";
import { sampleMakerOf } from "./sample-makers.ts";

const { method, images, streams } = workerData as SampleTask;
const reader = sampleReader(
  { source: openListed(images.source), ...(images.target === undefined ? {} : { target: openListed(images.target) }) },
  streams,
  (settings) => sampleMakerOf(method, settings),
);

answerRequests(async ({ stream, draw }: SampleRequest) => {
  const sample = await reader.read(stream, draw);
  return { output: sample, transfer: Object.values(sample).map(({ data }) => data.buffer) };
});
