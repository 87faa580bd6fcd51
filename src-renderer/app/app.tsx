// The window: rail, top line, the screen, status line, and the dialogs that belong to no screen.
import { Notifications } from "@mantine/notifications";
import { Suspense, useEffect, useState } from "react";
import { runCommand } from "../state/commands.ts";
import { desktop } from "../state/desktop.ts";
import { followEvents } from "../state/events.ts";
import { dispatchKeys } from "../state/key-dispatch.ts";
import { followAddress, useNavigation } from "../state/navigation.ts";
import { openDropped, openPath } from "../state/opening.ts";
import { currentSettings, keepDisplaySaved } from "../state/settings.ts";
import { showActivity } from "./browser-activity.ts";
import { CommandPalette } from "./command-palette.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { DropVeil } from "./drop-veil.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { NavigationRail } from "./navigation-rail.tsx";
import { showNotices } from "./notices.ts";
import { PathDialog } from "./path-dialog.tsx";
import { ResultDialogs } from "./result-dialogs.tsx";
import { SCREEN_TABLE } from "./screens.ts";
import { ShortcutSheet } from "./shortcut-sheet.tsx";
import { StartAnywayDialog } from "./start-anyway-dialog.tsx";
import { StatusBar } from "./status-bar.tsx";
import { TopBar } from "./top-bar.tsx";
import { useFollowedCheckpoint } from "./use-followed-checkpoint.ts";
import { useScreenFocus } from "./use-screen-focus.ts";
import { useTheme } from "./use-theme.ts";
import { useWindowCommands } from "./window-commands.ts";

/** Everything that listens for as long as the window is open. */
function listen(): () => void {
  const stops = [
    followAddress(),
    followEvents(),
    keepDisplaySaved(),
    showNotices(),
    showActivity(),
    dispatchKeys(() => currentSettings().keys),
    desktop?.onCommand((command) => {
      if (command.type === "open") void openPath(command.path);
      else runCommand(command.commandId);
    }),
  ];
  return () => {
    for (const stop of stops) stop?.();
  };
}

export function App() {
  useEffect(listen, []);
  useTheme();
  useWindowCommands();
  useFollowedCheckpoint();
  const main = useScreenFocus();
  return (
    <>
      <div className="shell">
        <NavigationRail />
        <TopBar />
        <main ref={main} className="shell-main" tabIndex={-1}>
          <ConnectionBanner />
          <CurrentScreen />
        </main>
        <StatusBar />
      </div>
      <CommandPalette />
      <ShortcutSheet />
      <ResultDialogs />
      <PathDialog />
      <StartAnywayDialog />
      <DropVeil onDrop={openDropped} />
      <Notifications position="bottom-left" containerWidth={400} limit={3} />
    </>
  );
}

function CurrentScreen() {
  const screen = useNavigation((state) => state.screen);
  const { title, component: Component } = SCREEN_TABLE[screen];
  return (
    <ErrorBoundary key={screen} name={title}>
      <Suspense fallback={<ScreenSkeleton />}>
        <Component />
      </Suspense>
    </ErrorBoundary>
  );
}

/** Shown only when loading takes long enough to be noticed. */
const SKELETON_DELAY_MS = 150;

function ScreenSkeleton() {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SKELETON_DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  return isLate ? <div className="screen-skeleton skeleton" role="status" aria-label="Loading" /> : null;
}
