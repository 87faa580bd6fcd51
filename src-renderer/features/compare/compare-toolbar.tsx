// The line over the panes: arrangement, link, panes, and how label maps are drawn.
import { Button, SegmentedControl, Slider } from "@mantine/core";
import {
  IconArrowsMaximize,
  IconColumns2,
  IconEyeglass,
  IconLink,
  IconLinkOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlus,
  IconSeparatorVertical,
  IconSwitchHorizontal,
  IconVectorTriangle,
} from "@tabler/icons-react";
import { type ReactNode, useEffect } from "react";
import { formatPercent } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { KeyCombo } from "../../components/key-combo.tsx";
import { type CompareLayout, MAX_PANES, useCompare } from "../../state/compare.ts";
import { setDisplay, useDisplay } from "../../state/display.ts";
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
  const { opacity, outline, palette } = useDisplay();
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
      <IconButton
        label={isLinked ? "Panes move together. Unlink" : "Panes move alone. Link"}
        keys={<KeyCombo parts={["L"]} />}
        aria-pressed={isLinked}
        color={isLinked ? "accent" : "gray"}
        onClick={onToggleLink}
      >
        {isLinked ? <IconLink size={16} /> : <IconLinkOff size={16} />}
      </IconButton>
      <IconButton label="Show all of the image" keys={<KeyCombo parts={["F"]} />} onClick={onFit}>
        <IconArrowsMaximize size={16} />
      </IconButton>
      <span className="compare-toolbar-gap" />
      <span className="compare-opacity">
        <span>Opacity</span>
        <Slider
          thumbLabel="Opacity"
          min={0}
          max={1}
          step={0.01}
          label={null}
          value={opacity}
          onChange={(value) => setDisplay({ opacity: value })}
          thumbValueText={formatPercent}
        />
        <span className="compare-opacity-value">{formatPercent(opacity)}</span>
      </span>
      <IconButton
        label={outline ? "Draw areas" : "Draw outlines"}
        keys={<KeyCombo parts={["O"]} />}
        aria-pressed={outline}
        color={outline ? "accent" : "gray"}
        onClick={() => setDisplay({ outline: !outline })}
      >
        <IconVectorTriangle size={16} />
      </IconButton>
      <IconButton
        label={palette === "cityscapes" ? "Colours for colour-blind eyes" : "Cityscapes' colours"}
        keys={<KeyCombo parts={["P"]} />}
        aria-pressed={palette === "color-blind-safe"}
        color={palette === "color-blind-safe" ? "accent" : "gray"}
        onClick={() => setDisplay({ palette: palette === "cityscapes" ? "color-blind-safe" : "cityscapes" })}
      >
        <IconEyeglass size={16} />
      </IconButton>
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
