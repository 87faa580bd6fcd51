// The sheet of shortcuts: every command that has keys, by group.
import { Button, Modal } from "@mantine/core";
import { create } from "zustand";
import { KeyCombo } from "../components/key-combo.tsx";
import { combosFor, commandsOf, grouped, useCommandRegistry } from "../state/commands.ts";
import { isMac, shownCombo } from "../state/keys.ts";
import { useNavigation } from "../state/navigation.ts";
import { useSettings } from "../state/settings.ts";
import "./shortcut-sheet.css";

const useSheet = create(() => ({ isOpen: false }));

export function openShortcutSheet(): void {
  useSheet.setState({ isOpen: true });
}

function close(): void {
  useSheet.setState({ isOpen: false });
}

export function ShortcutSheet() {
  const { isOpen } = useSheet();
  return (
    <Modal opened={isOpen} onClose={close} title="Keyboard shortcuts" size={860} closeButtonProps={CLOSE_BUTTON}>
      <Sheet />
    </Modal>
  );
}

const CLOSE_BUTTON = { "aria-label": "Close" } as const;

function Sheet() {
  const registry = useCommandRegistry();
  const { keys } = useSettings();
  const go = useNavigation((state) => state.go);
  const mac = isMac(navigator.platform);
  const commands = commandsOf(registry).filter((command) => combosFor(command, keys).length > 0);
  return (
    <>
      <div className="shortcut-sheet">
        {grouped(commands).map(([group, members]) => (
          <section className="shortcut-group" key={group}>
            <h3>{group}</h3>
            <ul>
              {members.map((command) => (
                <li key={command.id}>
                  <span>{command.title}</span>
                  <span className="shortcut-keys">
                    {combosFor(command, keys).map((combo) => (
                      <KeyCombo key={combo} parts={shownCombo(combo, mac)} />
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <div className="shortcut-foot">
        <span className="dimmed">Commands of the screen that is open are listed with those of the window.</span>
        <Button
          variant="default"
          onClick={() => {
            close();
            go({ screen: "settings" });
          }}
        >
          Change keys
        </Button>
      </div>
    </>
  );
}
