// The line over the panes: arrangement, link, panes, and how label maps are drawn.
import { Button, SegmentedControl } from "@mantine/core";
import {
  IconColumns2,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlus,
  IconSeparatorVertical,
  IconSwitchHorizontal,
} from "@tabler/icons-react";
import { type ReactNode, useEffect } from "react";
import { IconButton } from "../../components/icon-button.tsx";
import { KeyCombo } from "../../components/key-combo.tsx";
import { FitButton, LinkButton, OpacitySlider, OutlineButton, PaletteButton } from "../../panes/display-controls.tsx";
import { type CompareLayout, MAX_PANES, useCompare } from "../../state/compare.ts";
import { BLINK_MS, useBlink } from "./blink.ts";
import { useIsLinked } from "./compare-views.ts";

const LAYOUTS: readonly { readonly value: CompareLayout; readonly label: string; readonly icon: ReactNode }[] = [
  { value: "panes", label: "Side by side", icon: <IconColumns2 size={15} /> },
  { value: "split", label: "Divider", icon: <IconSeparatorVertical size={15} /> },
  { value: "blink", label: "Blink", icon: <IconSwitchHorizontal size={15} /> },
];

interface CompareToolbarProps {
  readonly paneCount: number;
  readonly onAddPane: () => void;
  readonly onToggleLink: () => void;
  readonly onFit: () => void;
  readonly onLayout: (layout: CompareLayout) => void;
}

export function CompareToolbar({ paneCount, onAddPane, onToggleLink, onFit, onLayout }: CompareToolbarProps) {
  const layout = useCompare((state) => state.layout);
  const isLinked = useIsLinked();
  return (
    <div className="compare-toolbar" role="toolbar" aria-label="Panes">
      <SegmentedControl
        aria-label="Arrangement"
        value={layout}
        onChange={(value) => onLayout(LAYOUTS.find((entry) => entry.value === value)?.value ?? "panes")}
        data={LAYOUTS.map(({ value, label, icon }) => ({
          value,
          label: (
            <span className="compare-segment" title={label}>
              {icon}
              <span className="compare-segment-text">{label}</span>
            </span>
          ),
        }))}
      />
      {layout === "blink" && <BlinkButton />}
      {layout === "panes" && (
        <Button
          variant="default"
          disabled={paneCount >= MAX_PANES || paneCount === 0}
          leftSection={<IconPlus size={14} aria-hidden="true" />}
          onClick={onAddPane}
        >
          Pane
        </Button>
      )}
      <LinkButton isLinked={isLinked} onToggle={onToggleLink} />
      <FitButton onFit={onFit} />
      <span className="compare-toolbar-gap" />
      <OpacitySlider />
      <OutlineButton />
      <PaletteButton />
    </div>
  );
}

function BlinkButton() {
  const isPlaying = useBlink((state) => state.isPlaying);
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => useBlink.setState(({ steps }) => ({ steps: steps + 1 })), BLINK_MS);
    return () => clearInterval(timer);
  }, [isPlaying]);
  return (
    <IconButton
      label={isPlaying ? "Stop blinking" : "Blink by itself"}
      keys={<KeyCombo parts={["Space"]} />}
      aria-pressed={isPlaying}
      color={isPlaying ? "accent" : "gray"}
      onClick={() => useBlink.setState({ isPlaying: !isPlaying })}
    >
      {isPlaying ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
    </IconButton>
  );
}
