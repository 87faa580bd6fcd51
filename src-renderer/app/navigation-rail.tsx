// The narrow column at the left: one icon a screen.
import { Tooltip, UnstyledButton } from "@mantine/core";
import { KeyCombo } from "../components/key-combo.tsx";
import { combosOf, isMac, shownCombo } from "../state/keys.ts";
import { SCREENS, type Screen, useNavigation } from "../state/navigation.ts";
import "./navigation-rail.css";
import { useSettings } from "../state/settings.ts";
import { SCREEN_TABLE } from "./screens.ts";

export function NavigationRail() {
  return (
    <nav className="rail" aria-label="Screens">
      <Mark />
      {SCREENS.filter((screen) => !SCREEN_TABLE[screen].isAside).map((screen) => (
        <RailItem key={screen} screen={screen} />
      ))}
      <div className="rail-space" />
      {SCREENS.filter((screen) => SCREEN_TABLE[screen].isAside).map((screen) => (
        <RailItem key={screen} screen={screen} />
      ))}
    </nav>
  );
}

function RailItem({ screen }: { readonly screen: Screen }) {
  const isCurrent = useNavigation((state) => state.screen === screen);
  const go = useNavigation((state) => state.go);
  const { keys } = useSettings();
  const { title, icon: Icon, keys: builtIn } = SCREEN_TABLE[screen];
  const [combo] = combosOf(keys[`navigate.${screen}`] ?? builtIn);
  return (
    <Tooltip
      position="right"
      label={
        <span className="tooltip-with-keys">
          {title} {combo !== undefined && <KeyCombo parts={shownCombo(combo, isMac(navigator.platform))} />}
        </span>
      }
    >
      <UnstyledButton
        className="rail-item"
        aria-label={title}
        aria-current={isCurrent ? "page" : undefined}
        onClick={() => go({ screen })}
      >
        <Icon size={20} stroke={1.6} aria-hidden="true" />
        <span className="rail-label">{title}</span>
      </UnstyledButton>
    </Tooltip>
  );
}

/** The mark: a frame in which one half has taken on the other's light. */
function Mark() {
  return (
    <svg className="rail-mark" viewBox="0 0 24 24" width="24" height="24" role="img" aria-label="Acclimate">
      <rect x="2.5" y="2.5" width="19" height="19" rx="6" className="rail-mark-frame" />
      <path d="M2.5 15.5 C7 9.5 10.5 9.5 13 13 S18.5 16.5 21.5 10.5 V15.5 a6 6 0 0 1 -6 6 h-7 a6 6 0 0 1 -6 -6 Z" />
    </svg>
  );
}
