// Puts things into random order.
import type { Random } from "./random.ts";

/** The items in random order, each order as likely. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(random.integer(left.length), 1));
}
