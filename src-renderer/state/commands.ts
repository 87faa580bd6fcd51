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

/** What is known of a command when its screen is closed. */
export type KnownCommand = Pick<Command, "id" | "title" | "group" | "keys">;

interface Registry {
  /** Every command that was registered since the window was opened: their keys can be changed wherever one is. */
  readonly known: ReadonlyMap<string, KnownCommand>;
  /** In order of registration; of two with one id the later one counts. */
  readonly entries: readonly { readonly owner: symbol; readonly command: Command }[];
}

export const useCommandRegistry = create<Registry>(() => ({ entries: [], known: new Map() }));

/** The commands that count. */
export function commandsOf({ entries }: Pick<Registry, "entries">): readonly Command[] {
  return [...new Map(entries.map(({ command }) => [command.id, command])).values()];
}

/** Adds commands; the returned function takes them away again. */
export function registerCommands(commands: readonly Command[]): () => void {
  const owner = Symbol("commands");
  useCommandRegistry.setState(({ entries, known }) => ({
    entries: [...entries, ...commands.map((command) => ({ owner, command }))],
    known: new Map([...known, ...commands.map((command) => [command.id, command] as const)]),
  }));
  return () =>
    useCommandRegistry.setState(({ entries }) => ({ entries: entries.filter((entry) => entry.owner !== owner) }));
}

/** Runs a command by its id, as the native menu does; nothing where its screen is closed or it can't be run now. */
export function runCommand(id: string): void {
  const command = commandsOf(useCommandRegistry.getState()).find((registered) => registered.id === id);
  if (command?.isEnabled?.() ?? true) command?.run();
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
export function combosFor(
  command: Pick<Command, "id" | "keys">,
  chosen: Readonly<Record<string, string>>,
): readonly string[] {
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

/** Other commands with a combination of this one. On different screens that is no harm; the reader judges. */
export function sharingKeys(
  command: KnownCommand,
  others: Iterable<KnownCommand>,
  chosen: Readonly<Record<string, string>>,
): readonly KnownCommand[] {
  const combos = combosFor(command, chosen);
  return [...others].filter(
    (other) => other.id !== command.id && combosFor(other, chosen).some((combo) => combos.includes(combo)),
  );
}

/** Commands by group, both in order of registration. */
export function grouped<T extends { readonly group: string }>(
  commands: Iterable<T>,
): readonly (readonly [string, readonly T[]])[] {
  return [...Map.groupBy(commands, ({ group }) => group)];
}
