// Everything the window can do, by name: features register commands; palette, key sheet and keyboard read them.
import { useEffect, useRef } from "react";
import { create } from "zustand";
import { combosOf } from "./keys.ts";

export interface Command {
  /** Stable, as settings name it: "adapt.start". */
  readonly id: string;
  readonly title: string;
  /** Heading in the palette and in the sheet of shortcuts. */
  readonly group: string;
  /** Built-in keys, such as "mod+shift+p" or "left, a"; see keys.ts. Settings may name others. */
  readonly keys?: string;
  readonly run: () => void;
  /** When the key is let go, for what lasts as long as a key is held. */
  readonly release?: () => void;
  /** Whether holding the key runs it again and again. */
  readonly repeats?: boolean;
  /** Left out: always. */
  readonly isEnabled?: () => boolean;
}

interface Registry {
  /** In order of registration; of two with one id the later one counts. */
  readonly entries: readonly { readonly owner: symbol; readonly command: Command }[];
}

export const useCommandRegistry = create<Registry>(() => ({ entries: [] }));

/** The commands that count. */
export function commandsOf({ entries }: Registry): readonly Command[] {
  return [...new Map(entries.map(({ command }) => [command.id, command])).values()];
}

/** Adds commands; the returned function takes them away again. */
export function registerCommands(commands: readonly Command[]): () => void {
  const owner = Symbol("commands");
  useCommandRegistry.setState(({ entries }) => ({
    entries: [...entries, ...commands.map((command) => ({ owner, command }))],
  }));
  return () =>
    useCommandRegistry.setState(({ entries }) => ({ entries: entries.filter((entry) => entry.owner !== owner) }));
}

/** Registers commands while the component is shown. What they do may change with every render. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const signature = JSON.stringify(
    commands.map(({ id, title, group, keys, repeats }) => [id, title, group, keys, repeats]),
  );
  useEffect(() => {
    if (signature === "[]") return;
    const current = (id: string) => latest.current.find((command) => command.id === id);
    return registerCommands(
      latest.current.map((command) => ({
        ...command,
        run: () => current(command.id)?.run(),
        release: () => current(command.id)?.release?.(),
        isEnabled: () => current(command.id)?.isEnabled?.() ?? true,
      })),
    );
  }, [signature]);
}

/** The combinations a command answers to: the user's in place of the built-in ones. An empty text switches keys off. */
export function combosFor(command: Command, chosen: Readonly<Record<string, string>>): readonly string[] {
  return combosOf(chosen[command.id] ?? command.keys);
}

/** The command for a combination; the one registered last wins, so that a screen may take a key from the window. */
export function commandFor(
  combo: string,
  commands: readonly Command[],
  chosen: Readonly<Record<string, string>>,
): Command | null {
  return (
    commands.findLast((command) => combosFor(command, chosen).includes(combo) && (command.isEnabled?.() ?? true)) ??
    null
  );
}

/** Commands that share a combination with another one, with what they share. */
export function keyConflicts(
  commands: readonly Command[],
  chosen: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly Command[]> {
  const byCombo = new Map<string, Command[]>();
  for (const command of commands) {
    for (const combo of combosFor(command, chosen)) {
      byCombo.set(combo, [...(byCombo.get(combo) ?? []), command]);
    }
  }
  return new Map([...byCombo].filter(([, sharing]) => sharing.length > 1));
}

/** Commands by group, both in order of registration. */
export function grouped(commands: readonly Command[]): readonly (readonly [string, readonly Command[]])[] {
  return [...Map.groupBy(commands, ({ group }) => group)];
}
