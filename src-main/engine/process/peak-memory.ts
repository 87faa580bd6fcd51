// The largest memory that this process holds between two moments.
import { readFileSync, writeFileSync } from "node:fs";

/** Writing 5 there lets Linux count the peak from the present on. Source: proc(5), /proc/pid/clear_refs. */
const RESET_PATH = "/proc/self/clear_refs";
const STATUS_PATH = "/proc/self/status";

/** Exact on Linux; elsewhere the largest of the moments when it was noted. */
export class PeakMemory {
  readonly startBytes: number;
  readonly #isExact: boolean;
  #largest: number;

  constructor() {
    this.startBytes = process.memoryUsage.rss();
    this.#largest = this.startBytes;
    this.#isExact = resetPeak();
  }

  note(): void {
    this.#largest = Math.max(this.#largest, process.memoryUsage.rss());
  }

  get peakBytes(): number {
    this.note();
    return this.#isExact ? Math.max(this.#largest, peakOfSystem()) : this.#largest;
  }
}

function resetPeak(): boolean {
  try {
    writeFileSync(RESET_PATH, "5");
    return true;
  } catch {
    return false; // not Linux, or a container that forbids it
  }
}

function peakOfSystem(): number {
  const [, kibibytes = "0"] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS_PATH, "utf8")) ?? [];
  return Number(kibibytes) * 1024;
}
