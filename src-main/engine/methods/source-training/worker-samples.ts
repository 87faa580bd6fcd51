// Reads training images on other threads, so that the one that trains does not wait for them.
import { at } from "../../graph/node.ts";
import { Thread } from "../../threads/thread.ts";
import type { DataSource } from "./data-source.ts";
import type { SampleConfig, SampleReader, TrainingSample } from "./training-batch.ts";

/** The program beside this file; in the built program both are bundled, into one folder. */
const PROGRAM = new URL(import.meta.url.endsWith(".ts") ? "training-worker.ts" : "training-worker.js", import.meta.url);

/** What a thread is started with. */
export interface SampleTask {
  readonly source: DataSource;
  readonly config: SampleConfig;
}

export interface SampleRequest {
  readonly place: number;
  readonly epoch: number;
}

/**
 * Starts the threads. An image is always read by the same one, which may keep what it has rendered or decoded; which one it
 * is changes nothing about the samples. `dispose` ends them.
 */
export function workerSamples(source: DataSource, config: SampleConfig, threads: number): SampleReader {
  const { seed, cropSize, augmentation } = config;
  const task: SampleTask = { source, config: { seed, cropSize, augmentation } };
  const pool = Array.from({ length: threads }, () => new Thread<SampleRequest, TrainingSample>(PROGRAM, task));
  return {
    read: (place, epoch) => at(pool, place % threads).ask({ place, epoch }),
    dispose: async () => {
      await Promise.all(pool.map((thread) => thread.dispose()));
    },
  };
}
