// What is to be known of how a checkpoint was read, in sentences: other networks in it, tensors and objects that are not used.
import { quoted } from "../checkpoints/checkpoint-error.ts";
import type { Checkpoint } from "./load-checkpoint.ts";

/** Names in a sentence; `inspect` has all. */
const NAMED = 4;

/** Empty where the file is one network and nothing else. */
export function checkpointNotes({
  described,
  networks,
  unused,
  skipped,
}: Pick<Checkpoint, "described" | "networks" | "unused" | "skipped">): string[] {
  const others = networks?.names.filter((name) => name !== networks.chosen) ?? [];
  const [other] = others;
  return [
    ...(described?.notes ?? []),
    ...(networks === null || other === undefined
      ? []
      : [
          `The file holds ${networks.names.length} networks; ${quoted(networks.chosen)} is read, ${listed(others)} ` +
            `${others.length === 1 ? "is" : "are"} not: --weights ${other} chooses ${others.length === 1 ? "the other" : "another"}.`,
        ]),
    ...(unused.length === 0
      ? []
      : [
          `The file holds ${unused.length === 1 ? "a tensor" : `${unused.length} tensors`} beside the network, ` +
            `not used: ${listed(unused)}.`,
        ]),
    ...(skipped.size === 0
      ? []
      : [`The file holds objects beside the weights, passed over unread: ${listed([...skipped.keys()])}.`]),
  ];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map(quoted);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
