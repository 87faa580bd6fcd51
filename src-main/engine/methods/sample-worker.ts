// A program of its own, on a thread: makes training samples for the thread that trains.
import { workerData } from "node:worker_threads";
import { DatasetReport } from "../datasets/dataset-report.ts";
import { answerRequests } from "../threads/answer-requests.ts";
import { openListed } from "../training/data-source.ts";
import { sampleReader } from "../training/samples/read-samples.ts";
import type { SampleAnswer, SampleRequest, SampleTask } from "../training/samples/reading-threads.ts";
import { sampleMakerOf } from "./sample-makers.ts";

const { method, images, streams } = workerData as SampleTask;
const report = new DatasetReport();
const told = new Set<string>();
const reader = sampleReader(
  {
    source: openListed(images.source, report),
    ...(images.target === undefined ? {} : { target: openListed(images.target, report) }),
  },
  streams,
  (settings) => sampleMakerOf(method, settings),
);

/** Of lines that the report has not had before. */
function newNotices(): string[] {
  const lines = report.lines.filter(({ code, path }) => !told.has(`${code} ${path}`));
  for (const { code, path } of lines) told.add(`${code} ${path}`);
  return lines.map(({ message }) => message);
}

answerRequests(async ({ stream, draw }: SampleRequest) => {
  const sample = await reader.read(stream, draw);
  const output = { sample, notices: newNotices() } satisfies SampleAnswer;
  return { output, transfer: Object.values(sample).map(({ data }) => data.buffer) };
});
