// How label maps are drawn, as toolbars change it: opacity, least confidence, outlines, colours; and the view of all panes.
import { IconArrowsMaximize, IconEyeglass, IconLink, IconLinkOff, IconVectorTriangle } from "@tabler/icons-react";
import { IconButton } from "../components/icon-button.tsx";
import { KeyCombo } from "../components/key-combo.tsx";
import { ShareSlider } from "../components/share-slider.tsx";
import { setDisplay, useDisplay } from "../state/display.ts";

export function OpacitySlider() {
  const opacity = useDisplay((state) => state.opacity);
  return <ShareSlider label="Opacity" value={opacity} onChange={(value) => setDisplay({ opacity: value })} />;
}

export function ConfidenceSlider() {
  const threshold = useDisplay((state) => state.confidenceThreshold);
  return (
    <ShareSlider
      label="Least confidence"
      value={threshold}
      onChange={(value) => setDisplay({ confidenceThreshold: value })}
    />
  );
}

export function OutlineButton() {
  const outline = useDisplay((state) => state.outline);
  return (
    <IconButton
      label={outline ? "Draw areas" : "Draw outlines"}
      keys={<KeyCombo parts={["O"]} />}
      aria-pressed={outline}
      color={outline ? "accent" : "gray"}
      onClick={() => setDisplay({ outline: !outline })}
    >
      <IconVectorTriangle size={16} />
    </IconButton>
  );
}

export function PaletteButton() {
  const palette = useDisplay((state) => state.palette);
  const isSafe = palette === "color-blind-safe";
  return (
    <IconButton
      label={isSafe ? "Cityscapes' colours" : "Colours for colour-blind eyes"}
      keys={<KeyCombo parts={["P"]} />}
      aria-pressed={isSafe}
      color={isSafe ? "accent" : "gray"}
      onClick={() => setDisplay({ palette: isSafe ? "cityscapes" : "color-blind-safe" })}
    >
      <IconEyeglass size={16} />
    </IconButton>
  );
}

export function FitButton({ onFit }: { readonly onFit: () => void }) {
  return (
    <IconButton label="Show all of the image" keys={<KeyCombo parts={["F"]} />} onClick={onFit}>
      <IconArrowsMaximize size={16} />
    </IconButton>
  );
}

interface LinkButtonProps {
  readonly isLinked: boolean;
  readonly onToggle: () => void;
}

export function LinkButton({ isLinked, onToggle }: LinkButtonProps) {
  return (
    <IconButton
      label={isLinked ? "Panes move together. Unlink" : "Panes move alone. Link"}
      keys={<KeyCombo parts={["L"]} />}
      aria-pressed={isLinked}
      color={isLinked ? "accent" : "gray"}
      onClick={onToggle}
    >
      {isLinked ? <IconLink size={16} /> : <IconLinkOff size={16} />}
    </IconButton>
  );
}
