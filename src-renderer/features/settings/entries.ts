// Changes of the lists in the settings: keys, presets, views.
import type { Settings } from "../../../src-shared/contract/workbench/system.ts";

/** The user's keys with those of one command changed; null: the built-in ones again. */
export function withKeys(keys: Settings["keys"], id: string, combo: string | null): Settings["keys"] {
  const { [id]: _, ...others } = keys;
  return combo === null ? others : { ...others, [id]: combo };
}

/** The list with one entry under another name; unchanged when the name is empty or taken. */
export function renamed<T extends { readonly name: string }>(list: readonly T[], from: string, to: string): T[] {
  const name = to.trim();
  const isFree = name !== "" && !list.some((entry) => entry.name === name);
  return list.map((entry) => (isFree && entry.name === from ? { ...entry, name } : entry));
}
