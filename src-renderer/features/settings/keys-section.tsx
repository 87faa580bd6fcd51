// The keys of every command, and other ones in their place.
import { Button, TextInput, UnstyledButton } from "@mantine/core";
import { IconRotate2, IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import type { Settings } from "../../../src-shared/contract/workbench/system.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { KeyCombo } from "../../components/key-combo.tsx";
import { changeSettings } from "../../state/change-settings.ts";
import { combosFor, grouped, type KnownCommand, sharingKeys, useCommandRegistry } from "../../state/commands.ts";
import { comboOf, isMac, shownCombo } from "../../state/keys.ts";
import { withKeys } from "./entries.ts";
import { Section } from "./section.tsx";

const MODIFIER_KEYS = ["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Tab"];

export function KeysSection({ settings: { keys } }: { readonly settings: Settings }) {
  const known = useCommandRegistry((state) => state.known);
  const [text, setText] = useState("");
  const [editing, setEditing] = useState<string | null>(null);
  const commands = [...known.values()].filter(({ title, group }) =>
    `${group} ${title}`.toLowerCase().includes(text.toLowerCase()),
  );
  const set = (id: string, combo: string | null) => {
    setEditing(null);
    changeSettings({ keys: withKeys(keys, id, combo) });
  };
  return (
    <Section title="Keys">
      <div className="settings-line">
        <TextInput
          className="keys-search"
          aria-label="Find a command"
          placeholder="Find a command"
          leftSection={<IconSearch size={14} aria-hidden="true" />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className="settings-line-control">
          <span className="settings-line-hint">A screen’s commands are listed once it has been opened.</span>
          <Button
            variant="default"
            disabled={Object.keys(keys).length === 0}
            onClick={() => changeSettings({ keys: {} })}
          >
            All as built in
          </Button>
        </div>
      </div>
      <div className="keys-list">
        {grouped(commands).map(([group, members]) => (
          <div key={group}>
            <h3>{group}</h3>
            <ul>
              {members.map((command) => (
                <li key={command.id}>
                  <span className="keys-title">{command.title}</span>
                  <Shared command={command} known={known} keys={keys} />
                  <Keys
                    command={command}
                    keys={keys}
                    isEditing={editing === command.id}
                    onEdit={(isEditing) => setEditing(isEditing ? command.id : null)}
                    onSet={(combo) => set(command.id, combo)}
                  />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Section>
  );
}

interface SharedProps {
  readonly command: KnownCommand;
  readonly known: ReadonlyMap<string, KnownCommand>;
  readonly keys: Settings["keys"];
}

function Shared({ command, known, keys }: SharedProps) {
  if (keys[command.id] === undefined) return null;
  const others = sharingKeys(command, known.values(), keys);
  return others.length === 0 ? null : (
    <span className="keys-shared">also {others.map(({ group, title }) => `${title} (${group})`).join(", ")}</span>
  );
}

interface KeysProps {
  readonly command: KnownCommand;
  readonly keys: Settings["keys"];
  readonly isEditing: boolean;
  readonly onEdit: (isEditing: boolean) => void;
  readonly onSet: (combo: string | null) => void;
}

function Keys({ command, keys, isEditing, onEdit, onSet }: KeysProps) {
  const mac = isMac(navigator.platform);
  const combos = combosFor(command, keys);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isEditing || MODIFIER_KEYS.includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") onEdit(false);
    else if (event.key === "Backspace" || event.key === "Delete") onSet("");
    else onSet(comboOf(event, mac));
  };
  return (
    <span className="keys-control">
      <UnstyledButton
        className="keys-button"
        data-editing={isEditing || undefined}
        onClick={() => onEdit(true)}
        onBlur={() => isEditing && onEdit(false)}
        onKeyDown={onKeyDown}
      >
        <span className="visually-hidden">Keys of {command.title}:</span>
        {isEditing ? (
          <span className="keys-prompt">Press keys; Backspace for none, Esc to leave</span>
        ) : combos.length === 0 ? (
          <span className="dimmed">none</span>
        ) : (
          combos.map((combo) => <KeyCombo key={combo} parts={shownCombo(combo, mac)} />)
        )}
      </UnstyledButton>
      {keys[command.id] === undefined ? (
        <span className="keys-reset-space" />
      ) : (
        <IconButton label={`Built-in keys of ${command.title}`} size={24} onClick={() => onSet(null)}>
          <IconRotate2 size={14} />
        </IconButton>
      )}
    </span>
  );
}
