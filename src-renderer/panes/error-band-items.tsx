// The part of a pane's menu that says which errors are drawn and counted.
import { Menu } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { setDisplay, useDisplay } from "../state/display.ts";

/** Pixels on each side of a border; 0: all of the image. */
const BANDS_PX = [0, 1, 2, 3, 5, 10] as const;

export function ErrorBandItems() {
  const chosen = useDisplay((state) => state.errorBandPx);
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Errors</Menu.Label>
      {BANDS_PX.map((bandPx) => (
        <Menu.Item
          key={bandPx}
          rightSection={bandPx === chosen && <IconCheck size={14} aria-hidden="true" />}
          onClick={() => setDisplay({ errorBandPx: bandPx })}
        >
          {bandPx === 0 ? "Everywhere" : `At most ${bandPx} px from a border`}
        </Menu.Item>
      ))}
    </>
  );
}
