// How many threads help: one for each physical core, because two on one core only share its arithmetic units.
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

/** Physical cores this process may use. Where the system does not tell them from logical ones, those are counted. */
export function physicalCores(): number {
  try {
    return Math.min(linuxCores(), availableParallelism());
  } catch {
    return availableParallelism(); // not Linux, or a container that hides the topology
  }
}

const LINUX_CPUS = "/sys/devices/system/cpu";

/** Logical processors of one core all list the same siblings. */
function linuxCores(): number {
  const processors = readdirSync(LINUX_CPUS).filter((name) => /^cpu\d+$/.test(name));
  const siblings = processors.map((name) =>
    readFileSync(join(LINUX_CPUS, name, "topology/thread_siblings_list"), "utf8"),
  );
  return new Set(siblings).size;
}
