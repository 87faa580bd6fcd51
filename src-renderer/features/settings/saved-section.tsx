// Saved views of the grid and parameter sets: renamed and removed here, made where they are used.
import { TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { Settings } from "../../../src-shared/contract/workbench/system.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { changeSettings, removeEntry } from "../../state/change-settings.ts";
import { renamed } from "./entries.ts";
import { Line, Section } from "./section.tsx";

export function SavedSection({ settings: { presets, views } }: { readonly settings: Settings }) {
  return (
    <Section title="Saved presets and views">
      {presets.length + views.length === 0 && (
        <Line
          name="Nothing saved yet"
          hint="Parameters are saved as presets beside the controls of Adapt, filters as views above the grid."
        />
      )}
      {presets.map(({ name }) => (
        <Entry
          key={`preset ${name}`}
          kind="Preset"
          name={name}
          onRename={(to) => changeSettings({ presets: renamed(presets, name, to) })}
          onRemove={() =>
            removeEntry(
              `remove the preset ${name}`,
              { presets },
              { presets: presets.filter((one) => one.name !== name) },
            )
          }
        />
      ))}
      {views.map(({ name }) => (
        <Entry
          key={`view ${name}`}
          kind="View"
          name={name}
          onRename={(to) => changeSettings({ views: renamed(views, name, to) })}
          onRemove={() =>
            removeEntry(`remove the view ${name}`, { views }, { views: views.filter((one) => one.name !== name) })
          }
        />
      ))}
    </Section>
  );
}

interface EntryProps {
  readonly kind: "Preset" | "View";
  readonly name: string;
  readonly onRename: (name: string) => void;
  readonly onRemove: () => void;
}

function Entry({ kind, name, onRename, onRemove }: EntryProps) {
  const [typed, setTyped] = useState(name);
  return (
    <div className="settings-line">
      <div className="saved-entry">
        <span className="saved-kind">{kind}</span>
        <TextInput
          className="saved-name"
          aria-label={`Name of the ${kind.toLowerCase()}`}
          variant="unstyled"
          maxLength={80}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => typed !== name && onRename(typed)}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.currentTarget.blur();
            if (event.key === "Escape") setTyped(name);
          }}
        />
      </div>
      <IconButton label={`Remove the ${kind.toLowerCase()} ${name}`} onClick={onRemove}>
        <IconTrash size={15} stroke={1.6} />
      </IconButton>
    </div>
  );
}
