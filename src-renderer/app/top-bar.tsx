// The line at the top: where one is, what is chosen, and the way to every command.
import { UnstyledButton } from "@mantine/core";
import { IconChevronRight, IconSearch } from "@tabler/icons-react";
import { Fragment, type ReactNode } from "react";
import { shortName } from "../components/format.ts";
import { KeyCombo } from "../components/key-combo.tsx";
import { combosFor, commandsOf, useCommandRegistry } from "../state/commands.ts";
import { useCheckpoint, useDataset, useImage } from "../state/entities.ts";
import { isMac, shownCombo } from "../state/keys.ts";
import { useNavigation } from "../state/navigation.ts";
import { useSettings } from "../state/settings.ts";
import { openPalette } from "./command-palette.tsx";
import { SCREEN_TABLE } from "./screens.ts";
import "./top-bar.css";

export function TopBar() {
  return (
    <div className="top-bar">
      <Breadcrumb />
      <search>
        <PaletteButton />
      </search>
    </div>
  );
}

function Breadcrumb() {
  const { screen, datasetId, imageId, checkpointId, go } = useNavigation();
  const dataset = useDataset(datasetId);
  const checkpoint = useCheckpoint(checkpointId);
  const image = useImage(imageId);
  const parts: { key: string; label: ReactNode; title?: string; onClick?: () => void }[] = [
    { key: "screen", label: SCREEN_TABLE[screen].title },
  ];
  if (screen === "datasets" || screen === "adapt" || screen === "compare") {
    if (dataset !== undefined) {
      parts.push({
        key: "dataset",
        label: dataset.name,
        title: dataset.path,
        onClick: () => go({ screen: "datasets" }),
      });
    }
    if (image !== undefined && imageId !== null) {
      parts.push({
        key: "image",
        label: shortName(image.key),
        title: image.key,
        onClick: () => go({ screen: "adapt" }),
      });
    }
  }
  if (checkpoint !== undefined && (screen === "adapt" || screen === "checkpoints")) {
    parts.push({
      key: "checkpoint",
      label: checkpoint.name,
      title: checkpoint.path,
      onClick: () => go({ screen: "checkpoints" }),
    });
  }
  return (
    <nav className="breadcrumb" aria-label="Place">
      {parts.map(({ key, label, title, onClick }, index) => (
        <Fragment key={key}>
          {index > 0 && <IconChevronRight className="breadcrumb-join" size={14} aria-hidden="true" />}
          {onClick === undefined ? (
            <span className="breadcrumb-part">{label}</span>
          ) : (
            <UnstyledButton className="breadcrumb-part breadcrumb-link" onClick={onClick} title={title}>
              {label}
            </UnstyledButton>
          )}
        </Fragment>
      ))}
    </nav>
  );
}

function PaletteButton() {
  const registry = useCommandRegistry();
  const { keys } = useSettings();
  const palette = commandsOf(registry).find(({ id }) => id === "app.palette");
  const combo = palette === undefined ? undefined : combosFor(palette, keys)[0];
  return (
    <UnstyledButton className="palette-button" onClick={openPalette}>
      <IconSearch size={14} aria-hidden="true" />
      <span className="palette-button-text">Find a command</span>
      {combo !== undefined && <KeyCombo parts={shownCombo(combo, isMac(navigator.platform))} />}
    </UnstyledButton>
  );
}
