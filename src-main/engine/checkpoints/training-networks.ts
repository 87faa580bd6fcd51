// The networks that a training of student and teacher keeps in one state dict, as DA-SAC's snapshots do.
import type { StateDict } from "./state-dict.ts";

export interface TrainingNetworks {
  readonly student: StateDict;
  /** null in a snapshot of a step without one. */
  readonly teacher: StateDict | null;
  /** What belongs to neither: `running_conf`, `slow_init`. */
  readonly beside: StateDict;
}

/** Before the keys of each. Source: spec of DA-SAC, "10. Snapshots". */
const PREFIXES = { student: "backbone.", teacher: "slow_net." } as const;
const BESIDE = ["running_conf", "slow_init"];

/** @returns  null for a state dict that is one network's */
export function trainingNetworks(stateDict: StateDict): TrainingNetworks | null {
  const [student, teacher] = [behind(stateDict, PREFIXES.student), behind(stateDict, PREFIXES.teacher)];
  const beside = new Map([...stateDict].filter(([key]) => BESIDE.includes(key)));
  if (student.size === 0 || student.size + teacher.size + beside.size < stateDict.size) return null;
  return { student, teacher: teacher.size === 0 ? null : teacher, beside };
}

function behind(stateDict: StateDict, prefix: string): StateDict {
  return new Map(
    [...stateDict].flatMap(([key, tensor]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), tensor]] : [])),
  );
}
