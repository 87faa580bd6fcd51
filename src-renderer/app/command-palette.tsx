// The palette: every command by name, with its keys.
import { createSpotlight, Spotlight, useSpotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { KeyCombo } from "../components/key-combo.tsx";
import { combosFor, commandsOf, grouped, useCommandRegistry } from "../state/commands.ts";
import { isMac, shownCombo } from "../state/keys.ts";
import { useSettings } from "../state/settings.ts";
import "./command-palette.css";

const OVERLAY = { blur: 0 } as const;
const ATTRIBUTES = { content: { "aria-label": "Commands" } } as const;
const CLASS_NAMES = { actionsGroup: "palette-group", search: "palette-search" } as const;

const [paletteStore, palette] = createSpotlight();

export function openPalette(): void {
  palette.open();
}

export function CommandPalette() {
  const registry = useCommandRegistry();
  const { keys } = useSettings();
  // Drawn anew whenever it opens: what can be done now is not what could be done then.
  useSpotlight(paletteStore);
  const mac = isMac(navigator.platform);
  const commands = commandsOf(registry).filter(({ id }) => id !== "app.palette");
  return (
    <Spotlight
      store={paletteStore}
      // Opened by our own dispatcher, whose keys can be changed.
      shortcut={null}
      lockScroll={false}
      attributes={ATTRIBUTES}
      overlayProps={OVERLAY}
      classNames={CLASS_NAMES}
      radius="md"
      size={620}
      limit={60}
      scrollable
      maxHeight={440}
      nothingFound="No command has these words"
      searchProps={{
        placeholder: "Find a command",
        "aria-label": "Find a command",
        leftSection: <IconSearch size={16} aria-hidden="true" />,
      }}
      actions={grouped(commands).map(([group, members]) => ({
        group,
        actions: members.map((command) => {
          const [combo] = combosFor(command, keys);
          return {
            id: command.id,
            label: command.title,
            keywords: [group],
            disabled: command.isEnabled?.() === false,
            rightSection: combo !== undefined && <KeyCombo parts={shownCombo(combo, mac)} />,
            onClick: command.run,
          };
        }),
      }))}
    />
  );
}
