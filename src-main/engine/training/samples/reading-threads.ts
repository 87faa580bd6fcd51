// Makes samples on other threads, so that the one that trains does not wait for them.
import { at } from "../../graph/node.ts";
import { Thread } from "../../threads/thread.ts";
import type { ListedRoles } from "../training-data.ts";
import type { StreamRecipes } from "./read-samples.ts";
import type { Sample, SampleReader } from "./sample.ts";
import type { SampleDraw } from "./sampler.ts";

/** What a thread is started with: plain data. */
export interface SampleTask {
  /** Whose sample maker it is. */
  readonly method: string;
  /** Listed already: no thread looks for them again. */
  readonly images: ListedRoles;
  readonly streams: StreamRecipes;
}

export interface SampleRequest {
  readonly stream: string;
  readonly draw: SampleDraw;
}

export interface SampleAnswer {
  readonly sample: Sample;
  /** What was noticed for the first time about label files. */
  readonly notices: readonly string[];
}

/** The program that answers, and on how many threads it is to run. */
export interface ReadingThreads {
  readonly program: URL;
  /** 0: samples are made in the thread that trains. */
  readonly count: number;
}

/**
 * Starts the threads. An image is always read by the same one, which may keep what it has rendered or decoded; which one it
 * is changes nothing about the samples. `dispose` ends them.
 *
 * @param onNotice  hears what is noticed about label files, from each thread once
 */
export function threadReader(
  task: SampleTask,
  { program, count }: ReadingThreads,
  onNotice: (message: string) => void = () => undefined,
): SampleReader {
  const pool = Array.from({ length: count }, () => new Thread<SampleRequest, SampleAnswer>(program, task));
  return {
    read: async (stream, draw) => {
      const { sample, notices } = await at(pool, draw.place % count).ask({ stream, draw });
      for (const message of notices) onNotice(message);
      return sample;
    },
    dispose: async () => {
      await Promise.all(pool.map((thread) => thread.dispose()));
    },
  };
}
