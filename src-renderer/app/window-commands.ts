// The commands of the window itself: going to screens, opening things, undo, palette, theme.
import { useMantineColorScheme } from "@mantine/core";
import { type Command, useCommands } from "../state/commands.ts";
import { useHistory } from "../state/history.ts";
import { SCREENS, useNavigation } from "../state/navigation.ts";
import { askForCheckpoint, askForDataset } from "../state/opening.ts";
import { saveSettings } from "../state/settings.ts";
import { tell, tellFailure } from "../state/tell.ts";
import { openPalette } from "./command-palette.tsx";
import { toggleQueuePanel } from "./queue-panel.tsx";
import { SCREEN_TABLE } from "./screens.ts";
import { openShortcutSheet } from "./shortcut-sheet.tsx";
import { restartEngine } from "./status-bar.tsx";
import { KEEP_TRANSITIONS } from "./use-theme.ts";

function undo(): void {
  const label = useHistory.getState().done.at(-1)?.label;
  useHistory.getState().undo();
  if (label !== undefined) tell(`Undone: ${label}`);
}

function redo(): void {
  const label = useHistory.getState().undone.at(-1)?.label;
  useHistory.getState().redo();
  if (label !== undefined) tell(`Done again: ${label}`);
}

export function useWindowCommands(): void {
  const { setColorScheme } = useMantineColorScheme(KEEP_TRANSITIONS);
  const choose = (theme: "light" | "dark" | "auto") => {
    setColorScheme(theme);
    saveSettings({ theme }).catch((error: unknown) => tellFailure("The theme was not saved", error));
  };
  const navigate = SCREENS.map(
    (screen): Command => ({
      id: `navigate.${screen}`,
      title: `Go to ${SCREEN_TABLE[screen].title}`,
      group: "Go to",
      keys: SCREEN_TABLE[screen].keys,
      run: () => useNavigation.getState().go({ screen }),
    }),
  );
  useCommands([
    { id: "app.palette", title: "Find a command", group: "Window", keys: "mod+shift+p, mod+k", run: openPalette },
    { id: "app.shortcuts", title: "Keyboard shortcuts", group: "Window", keys: "?", run: openShortcutSheet },
    {
      id: "app.undo",
      title: "Undo",
      group: "Window",
      keys: "mod+z",
      repeats: true,
      isEnabled: () => useHistory.getState().done.length > 0,
      run: undo,
    },
    {
      id: "app.redo",
      title: "Redo",
      group: "Window",
      keys: "mod+shift+z, mod+y",
      repeats: true,
      isEnabled: () => useHistory.getState().undone.length > 0,
      run: redo,
    },
    { id: "app.queue", title: "Show the queue", group: "Window", run: toggleQueuePanel },
    { id: "app.themeDark", title: "Dark theme", group: "Window", run: () => choose("dark") },
    { id: "app.themeLight", title: "Light theme", group: "Window", run: () => choose("light") },
    { id: "app.themeSystem", title: "Theme of the system", group: "Window", run: () => choose("auto") },
    { id: "app.restartEngine", title: "Restart the engine", group: "Window", run: restartEngine },
    ...navigate,
    {
      id: "datasets.open",
      title: "Open a dataset folder…",
      group: "Open",
      keys: "mod+o",
      run: () => void askForDataset(),
    },
    {
      id: "checkpoints.open",
      title: "Open a checkpoint…",
      group: "Open",
      keys: "mod+shift+o",
      run: () => void askForCheckpoint(),
    },
  ]);
}
