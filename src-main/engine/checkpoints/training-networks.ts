// The networks that a training of student and teacher keeps in one state dict, as snapshots of DA-SAC and DAFormer do.
import type { StateDict } from "./state-dict.ts";

export interface TrainingNetworks {
  /** Whose snapshot it is; DAFormer's form is that of what is built on it, too: HRDA, MIC, EBDA. */
  readonly method: "DA-SAC" | "DAFormer" | "CROTS";
  readonly student: StateDict;
  /** null in a snapshot of a step without one. */
  readonly teacher: StateDict | null;
  /** What belongs to neither: DA-SAC's `running_conf` and `slow_init`, DAFormer's frozen ImageNet network. */
  readonly beside: StateDict;
}

interface Form {
  readonly method: TrainingNetworks["method"];
  /** Before the keys of each. */
  readonly student: string;
  readonly teacher: string;
  readonly isBeside: (key: string) => boolean;
  /** What some key of the student begins with: other networks have keys with its prefix, too. */
  readonly telling: string;
  /** Whether names lose the prefix wherever else it occurs in them, too: what the original's extraction does. */
  readonly losesAll?: boolean;
}

const FORMS: readonly Form[] = [
  // Source: spec of DA-SAC, "10. Snapshots".
  {
    method: "DA-SAC",
    student: "backbone.",
    teacher: "slow_net.",
    isBeside: (key) => key === "running_conf" || key === "slow_init",
    telling: "backbone.",
  },
  // Source: spec of EBDA, "7.1 Modules".
  {
    method: "DAFormer",
    student: "model.",
    teacher: "ema_model.",
    isBeside: (key) => key.startsWith("imnet_model."),
    telling: "model.decode_head.",
  },
  // Source: spec of CROTS, "7. Step 3"; the buffer is the mean of the input.
  {
    method: "CROTS",
    student: "net.",
    teacher: "ema_net.",
    isBeside: (key) => key === "image_mean",
    telling: "net.layer5.",
    losesAll: true,
  },
];

/** @returns  null for a state dict that is one network's */
export function trainingNetworks(stateDict: StateDict): TrainingNetworks | null {
  for (const { method, student: before, teacher: beforeTeacher, isBeside, telling, losesAll } of FORMS) {
    const student = behind(stateDict, before, losesAll);
    const teacher = behind(stateDict, beforeTeacher, losesAll);
    const beside = new Map([...stateDict].filter(([key]) => isBeside(key)));
    const isWhole = student.size + teacher.size + beside.size === stateDict.size;
    if (!isWhole || ![...stateDict.keys()].some((key) => key.startsWith(telling))) continue;
    return { method, student, teacher: teacher.size === 0 ? null : teacher, beside };
  }
  return null;
}

/**
 * The network that has this prefix, by its own names.
 *
 * @param losesAll  see `Form`
 */
export function behind(stateDict: StateDict, prefix: string, losesAll = false): StateDict {
  const nameOf = (key: string): string => (losesAll ? key.replaceAll(prefix, "") : key.slice(prefix.length));
  return new Map([...stateDict].flatMap(([key, tensor]) => (key.startsWith(prefix) ? [[nameOf(key), tensor]] : [])));
}
