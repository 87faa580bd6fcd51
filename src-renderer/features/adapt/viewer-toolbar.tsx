// The line over the panes: their arrangement, the link, and how label maps are drawn.
import { SegmentedControl, Slider } from "@mantine/core";
import {
  IconArrowsMaximize,
  IconColumns2,
  IconEyeglass,
  IconLayoutGrid,
  IconLink,
  IconLinkOff,
  IconSeparatorVertical,
  IconSquare,
  IconVectorTriangle,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { formatPercent } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { KeyCombo } from "../../components/key-combo.tsx";
import { setDisplay, useDisplay } from "../../state/display.ts";
import { type PaneLayout, useAdaptView, useIsLinked, withLayout } from "./adapt-view.ts";
import { fitPanes, toggleLink } from "./pane-actions.ts";

const LAYOUTS: readonly { value: PaneLayout; label: string; icon: ReactNode }[] = [
  { value: "one", label: "One pane", icon: <IconSquare size={15} /> },
  { value: "split", label: "Divider", icon: <IconSeparatorVertical size={15} /> },
  { value: "two", label: "Two panes", icon: <IconColumns2 size={15} /> },
  { value: "four", label: "Four panes", icon: <IconLayoutGrid size={15} /> },
];

export function ViewerToolbar() {
  const layout = useAdaptView((state) => state.layout);
  const isLinked = useIsLinked();
  const { outline, palette } = useDisplay();
  return (
    <div className="viewer-toolbar" role="toolbar" aria-label="Viewer">
      <SegmentedControl
        aria-label="Panes"
        value={layout}
        onChange={(value) => useAdaptView.setState((view) => withLayout(view, value))}
        data={LAYOUTS.map(({ value, label, icon }) => ({
          value,
          label: (
            <span className="icon-segment" title={label}>
              {icon}
              <span className="visually-hidden">{label}</span>
            </span>
          ),
        }))}
      />
      <IconButton
        label={isLinked ? "Panes move together. Unlink" : "Panes move alone. Link"}
        keys={<KeyCombo parts={["L"]} />}
        aria-pressed={isLinked}
        color={isLinked ? "accent" : "gray"}
        onClick={toggleLink}
      >
        {isLinked ? <IconLink size={16} /> : <IconLinkOff size={16} />}
      </IconButton>
      <IconButton label="Show all of the image" keys={<KeyCombo parts={["F"]} />} onClick={fitPanes}>
        <IconArrowsMaximize size={16} />
      </IconButton>
      <span className="toolbar-gap" />
      <OpacitySlider />
      <ThresholdSlider />
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

function OpacitySlider() {
  const opacity = useDisplay((state) => state.opacity);
  return <ToolbarSlider label="Opacity" value={opacity} onChange={(value) => setDisplay({ opacity: value })} />;
}

function ThresholdSlider() {
  const threshold = useDisplay((state) => state.confidenceThreshold);
  return (
    <ToolbarSlider
      label="Least confidence"
      value={threshold}
      onChange={(value) => setDisplay({ confidenceThreshold: value })}
    />
  );
}

interface ToolbarSliderProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function ToolbarSlider({ label, value, onChange }: ToolbarSliderProps) {
  return (
    <div className="toolbar-slider">
      <span>{label}</span>
      <Slider
        thumbLabel={label}
        min={0}
        max={1}
        step={0.01}
        label={null}
        value={value}
        onChange={onChange}
        thumbValueText={formatPercent}
      />
      <span className="toolbar-value">{formatPercent(value)}</span>
    </div>
  );
}
